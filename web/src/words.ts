// What the custom elements say. Pages are translated by Django; these few sentences live with the code that says
// them, complete in both languages (the type makes a missing one an error).

type Say = {
  chosen: (n: number) => string;
  close: string;
  keys: [keys: string, words: string, where: string][];
  keysTitle: string;
  palette: string;
  paletteAsk: string;
  paletteCases: string;
  paletteFind: (words: string) => string;
  showList: string;
  showMap: string;
  photoTake: string;
  photoChoose: string;
  photoMore: (left: number) => string;
  photoFull: (max: number) => string;
  photoWorking: string;
  photoRemove: (n: number) => string;
  photoAlt: (n: number, name: string) => string;
  photoTooMany: (max: number) => string;
  photoNotPicture: (name: string) => string;
  photoTooLarge: (name: string, mb: number) => string;
  mapUnavailable: string;
  mapLoading: string;
  mapFailed: string;
  zoomIn: string;
  zoomOut: string;
  pinHere: string;
  useLocation: string;
  locateAsk: string;
  locateYes: string;
  locateNo: string;
  locateDenied: string;
  locateWorking: string;
  pinLabel: string;
  mapPickHelp: string;
  mapSynthetic: string;
  cases: (n: number) => string;
  legend: [string, string][];
  open: string;
  pickNone: string;
  pickOptions: string;
  copied: string;
  copyFailed: string;
  live: string;
  offline: string;
  sending: string;
  oneMore: string;
  takePosition: string;
  positionTaken: (metres: number) => string;
  positionDenied: string;
  left: (text: string) => string;
  late: (text: string) => string;
  days: (d: number, h: number) => string;
  hours: (h: number, m: number) => string;
  minutes: (m: number) => string;
  underMinute: string;
  planTools: string;
  planChoose: string;
  planSplit: string;
  planMerge: string;
  planBend: string;
  planDraw: string;
  planHand: string;
  planRemove: string;
  planUndo: string;
  planRedo: string;
  planPoint: string;
  planDone: string;
  planKept: string;
  planFailed: string;
  planClosed: string;
  planHelpChoose: string;
  planHelpSplit: string;
  planHelpBend: string;
  planHelpDraw: string;
  planHelpHand: string;
};

const zh: Say = {
  chosen: (n) => (n ? `已选 ${n} 件` : "勾选案件后可批量办理"),
  close: "关闭",
  keys: [
    ["j k", "下一行、上一行", "[data-row]"],
    ["Enter", "打开所在的行", "[data-row]"],
    ["x", "勾选或取消所在的行", "[data-row] input[name=case]"],
    ["X", "勾选或取消整页", "[data-choose-all]"],
    ["/", "到搜索框", "[data-search]"],
    ["Ctrl K", "命令面板：队列、页面、案件编号", "gz-palette"],
    ["Ctrl Enter", "提交正在填写的表单", "form.form"],
    ["?", "显示全部按键", ""],
  ],
  keysTitle: "键盘操作",
  palette: "命令面板",
  paletteAsk: "去哪里？输入队列、页面、视图名称或案件编号",
  paletteCases: "案件",
  paletteFind: (words) => `查找案件“${words}”`,
  showList: "列表",
  showMap: "地图",
  photoTake: "拍照",
  photoChoose: "从相册选择",
  photoMore: (left) => `还可以添加 ${left} 张`,
  photoFull: (max) => `已达 ${max} 张上限`,
  photoWorking: "正在处理照片…",
  photoRemove: (n) => `移除第 ${n} 张照片`,
  photoAlt: (n, name) => `第 ${n} 张照片：${name}`,
  photoTooMany: (max) => `最多 ${max} 张照片，多出的没有加入。`,
  photoNotPicture: (name) => `“${name}”不是可以识别的图片，没有加入。`,
  photoTooLarge: (name, mb) => `“${name}”超过 ${mb} MB，没有加入。`,
  mapUnavailable: "这台设备无法显示地图，请在下面填写地址或选择社区。",
  mapLoading: "正在打开地图…",
  mapFailed: "地图数据没有取到，请稍后再试；也可以填写地址或选择社区。",
  zoomIn: "放大",
  zoomOut: "缩小",
  pinHere: "定在地图中央",
  useLocation: "用我的位置",
  locateAsk: "您的位置只用来放置这一个图钉，不会另外保存，也不会持续跟踪。",
  locateYes: "同意并定位",
  locateNo: "不用了",
  locateDenied: "没有取得位置。请直接在地图上点一下，或填写地址。",
  locateWorking: "正在定位…",
  pinLabel: "问题位置，可以拖动",
  mapPickHelp: "点一下地图放置图钉，可以拖动。键盘：方向键移动地图，再按“定在地图中央”。",
  mapSynthetic: "示意网格",
  cases: (n) => `${n} 件`,
  legend: [
    ["bad", "超时"],
    ["info", "待办理"],
    ["progress", "处置中"],
  ],
  open: "打开",
  pickNone: "没有符合的选项",
  pickOptions: "可选项",
  copied: "已复制",
  copyFailed: "没有复制成功，请手动选择文字复制。",
  live: "实时更新",
  offline: "连接已断开，正在重试",
  sending: "正在提交…",
  oneMore: "再加一项",
  takePosition: "获取当前位置",
  positionTaken: (metres) => `已取得当前位置（精度约 ${metres} 米）。`,
  positionDenied: "没有取得位置。请允许定位后重试，或改用“报到”。",
  left: (text) => `剩 ${text}`,
  late: (text) => `超时 ${text}`,
  days: (d, h) => (h ? `${d} 天 ${h} 小时` : `${d} 天`),
  hours: (h, m) => (m ? `${h} 小时 ${m} 分` : `${h} 小时`),
  minutes: (m) => `${m} 分钟`,
  underMinute: "不到 1 分钟",
  planTools: "编辑工具",
  planChoose: "选择",
  planSplit: "分割",
  planMerge: "合并",
  planBend: "改边界",
  planDraw: "画新的",
  planHand: "划拨楼栋片",
  planRemove: "撤去",
  planUndo: "撤销",
  planRedo: "重做",
  planPoint: "在地图中央加点",
  planDone: "完成",
  planKept: "已保存这一步，可以撤销。",
  planFailed: "这一步没有送达，图上仍是原样。请检查网络后再试。",
  planClosed: "这份方案只能查看，不能再改。",
  planHelpChoose: "点选网格，再点一次取消；选两个以上相邻的可以合并。",
  planHelpSplit: "先点选网格，再从它的一边外面点到另一边外面，最后按“完成”或回车。",
  planHelpBend: "点选一个网格，拖动角点，相邻网格一起动；拖小圆点增加角点；选中角点按 Delete 去掉。",
  planHelpDraw: "依次点出新网格的角点，最后按“完成”或回车；Esc 重来，退格键去掉上一点。",
  planHelpHand: "先点选接收的网格，再点要划给它的楼栋片，最后按“完成”。",
};

const en: Say = {
  chosen: (n) => (n ? `${n} chosen` : "Choose cases to move them together"),
  close: "Close",
  keys: [
    ["j k", "next row, row before", "[data-row]"],
    ["Enter", "open the row", "[data-row]"],
    ["x", "choose the row or not", "[data-row] input[name=case]"],
    ["X", "choose the page or nothing", "[data-choose-all]"],
    ["/", "to the search field", "[data-search]"],
    ["Ctrl K", "go anywhere: queues, pages, a case by its number", "gz-palette"],
    ["Ctrl Enter", "send the form you are in", "form.form"],
    ["?", "show all keys", ""],
  ],
  keysTitle: "Keys",
  palette: "Go anywhere",
  paletteAsk: "Where to? A queue, a page, a view, or a case's number",
  paletteCases: "Cases",
  paletteFind: (words) => `Find the case “${words}”`,
  showList: "List",
  showMap: "Map",
  photoTake: "Take a photo",
  photoChoose: "Choose photos",
  photoMore: (left) => `${left} more can be added`,
  photoFull: (max) => `${max} photos: that is all there is room for`,
  photoWorking: "Preparing photos…",
  photoRemove: (n) => `Remove photo ${n}`,
  photoAlt: (n, name) => `Photo ${n}: ${name}`,
  photoTooMany: (max) => `At most ${max} photos; the others were not added.`,
  photoNotPicture: (name) => `“${name}” is not a picture we can read; it was not added.`,
  photoTooLarge: (name, mb) => `“${name}” is larger than ${mb} MB; it was not added.`,
  mapUnavailable: "This device cannot show the map. Please give the address or choose the community below.",
  mapLoading: "Opening the map…",
  mapFailed: "The map could not be fetched. Try again later, or give the address or community.",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  pinHere: "Pin the middle of the map",
  useLocation: "Use my location",
  locateAsk: "Your position is used once, to place this pin. It is not kept anywhere else and you are not followed.",
  locateYes: "Agree and locate",
  locateNo: "No, thanks",
  locateDenied: "No position was given. Please tap the map, or give the address.",
  locateWorking: "Locating…",
  pinLabel: "Place of the problem, can be dragged",
  mapPickHelp: "Tap the map to set the pin; drag it to move it. Keyboard: arrow keys move the map, then press “Pin the middle of the map”.",
  mapSynthetic: "Illustrative grids",
  cases: (n) => (n === 1 ? "1 case" : `${n} cases`),
  legend: [
    ["bad", "late"],
    ["info", "waiting"],
    ["progress", "at work"],
  ],
  open: "Open",
  pickNone: "Nothing matches",
  pickOptions: "Options",
  copied: "Copied",
  copyFailed: "Copying failed; please select the text and copy it by hand.",
  live: "Live",
  offline: "Connection lost, trying again",
  sending: "Sending…",
  oneMore: "One more",
  takePosition: "Take my position",
  positionTaken: (metres) => `Position taken (within about ${metres} m).`,
  positionDenied: "No position was given. Allow it and try again, or report in without it.",
  left: (text) => `${text} left`,
  late: (text) => `${text} late`,
  days: (d, h) => (h ? `${d} d ${h} h` : `${d} d`),
  hours: (h, m) => (m ? `${h} h ${m} min` : `${h} h`),
  minutes: (m) => `${m} min`,
  underMinute: "under 1 min",
  planTools: "Tools",
  planChoose: "Choose",
  planSplit: "Split",
  planMerge: "Merge",
  planBend: "Move boundary",
  planDraw: "Draw new",
  planHand: "Hand over blocks",
  planRemove: "Give up",
  planUndo: "Undo",
  planRedo: "Redo",
  planPoint: "Point at the middle of the map",
  planDone: "Done",
  planKept: "This step is kept; it can be undone.",
  planFailed: "This step did not arrive; the map is as it was. Check the connection and try again.",
  planClosed: "This plan can be looked at, but not changed any more.",
  planHelpChoose: "Tap grids to choose them, again to leave them; two or more neighbours can be merged.",
  planHelpSplit: "Choose a grid, tap from outside one of its edges to outside another, then press Done or Enter.",
  planHelpBend: "Choose a grid and drag its corners: neighbours move along. Small dots make new corners; Delete takes one out.",
  planHelpDraw: "Tap the corners of the new grid, then press Done or Enter. Esc begins anew, Backspace takes the last one back.",
  planHelpHand: "Choose the grid that receives, tap the blocks it should get, then press Done.",
};

export const say: Say = document.documentElement.lang.startsWith("zh") ? zh : en;
