"""Every address of the product. Who may open which is in `access`; what is missing there is closed."""

from __future__ import annotations

import importlib.util

from allauth.account import views as accounts
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.views.i18n import set_language

from gezhi.interfaces.portal import follow, grids, pages, report
from gezhi.interfaces.web import (
    areas,
    begin,
    beside,
    bulk,
    calls,
    case_page,
    catalogue,
    catalogue_lists,
    desk_report,
    failures,
    health,
    hotline_files,
    lists,
    maps,
    moves,
    notices,
    own_keys,
    papers,
    pictures,
    proofs,
    reporters,
    saved_lists,
    traces,
    ways,
)
from gezhi.interfaces.web.accounts import own_password
from gezhi.interfaces.web.advising import cards, drafts, fragments
from gezhi.interfaces.web.advising import spots as hot_spots
from gezhi.interfaces.web.command import bulletins, campaigns, follow_ups, meetings, points, tabs
from gezhi.interfaces.web.territory import (
    drawing,
    files,
    home,
    merging,
    plans,
    proposing,
    shapes,
    standing,
    whose,
)

handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_there
handler429 = "gezhi.interfaces.web.failures.too_many"
handler500 = failures.broken


class _Text:
    """A converter for keys that people did not choose: a match of `regex`, handed on as it is."""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


class _Number(_Text):
    regex = r"[0-9A-Za-z-]{1,24}"


class _Key(_Text):
    regex = r"[A-Za-z0-9_:.-]{1,80}"


class _Sha256(_Text):
    regex = r"[0-9a-f]{64}"


class _Id(_Text):
    regex = r"[0-9]{1,18}"

    def to_python(self, value: str) -> int:  # type: ignore[override]
        return int(value)


register_converter(_Number, "number")
register_converter(_Key, "key")
register_converter(_Sha256, "sha256")
register_converter(_Id, "id")

portal = [
    path("", pages.home, name="portal_home"),
    path("report", report.report, name="portal_report"),
    path("report/typed", report.typed, name="portal_typed"),
    path("receipt/<number:number>", follow.receipt, name="portal_receipt"),
    path("follow", follow.follow, name="portal_follow"),
    path("follow/rate", follow.rate, name="portal_rate"),
    path("grids", grids.find, name="portal_grids"),
    path("grids/<key:code>", grids.grid, name="portal_grid"),
    path("grids/<key:code>/poster.pdf", grids.poster, name="portal_grid_poster"),
    path("grids/<key:code>/card.pdf", grids.card, name="portal_grid_card"),
    path("about", pages.about, name="portal_about"),
    path("complaints", pages.complaints, name="portal_complaints"),
]

grounds: list[URLPattern | URLResolver] = [
    path("", home.home, name="desk_territory"),
    path("problems", home.problems, name="desk_problems"),
    path("problems/<key:key>/shape", shapes.problem, name="desk_problem_shape"),
    path("vacancies", home.vacancies, name="desk_vacancies"),
    path("whose", whose.whose, name="desk_whose"),
    path("layers/<key:key>", shapes.layer, name="desk_layer_shapes"),
    path("export", files.export, name="desk_territory_export"),
    path("import", files.bring, name="desk_territory_import"),
    path("one", merging.look, name="desk_oneness"),
    path("one/shapes", merging.merged, name="desk_oneness_shapes"),
    path("plans/new", plans.new, name="desk_plan_new"),
    path("plans/<id:number>", plans.plan, name="desk_plan"),
    path("plans/<id:number>/areas", drawing.areas, name="desk_plan_areas"),
    path("plans/<id:number>/problem", shapes.plan_problem, name="desk_plan_problem"),
    path("plans/<id:number>/side", plans.side_of, name="desk_plan_side"),
    path("plans/<id:number>/steps", drawing.edit, name="desk_plan_edit"),
    path("plans/<id:number>/adopt", plans.adopt, name="desk_plan_adopt"),
    path("plans/<id:number>/withdraw", plans.withdraw, name="desk_plan_withdraw"),
    path("runs/new", proposing.new, name="desk_run_new"),
    path("runs/<id:number>", proposing.run, name="desk_run"),
    path("runs/<id:number>/state", proposing.state, name="desk_run_state"),
    path("runs/<id:number>/shapes", shapes.proposal, name="desk_run_shapes"),
    path("runs/<id:number>/cancel", proposing.cancel, name="desk_run_cancel"),
    path("runs/<id:number>/plan", proposing.make_plan, name="desk_run_plan"),
]

desk: list[URLPattern | URLResolver] = [
    path("", lists.home, name="desk"),
    path("queues", lists.nav, name="desk_queue_nav"),
    path("queues/<key:key>", lists.queue, name="desk_queue"),
    path("cases", lists.everything, name="desk_cases"),
    path("list/file", lists.file, name="desk_list_file"),
    path("bulk", bulk.bulk, name="desk_bulk"),
    path("views", saved_lists.views, name="desk_views"),
    path("views/new", saved_lists.new, name="desk_view_new"),
    path("views/<id:number>", saved_lists.view, name="desk_view"),
    path("views/<id:number>/delete", saved_lists.delete, name="desk_view_delete"),
    path("ways", ways.ways, name="desk_ways"),
    path("find", ways.find, name="desk_find"),
    path("report", desk_report.report, name="desk_report"),
    path("call", calls.call, name="desk_call"),
    path("call/earlier", calls.earlier, name="desk_call_earlier"),
    path("call/files", hotline_files.files, name="desk_imports"),
    path("call/files/<id:number>", hotline_files.file, name="desk_import"),
    path("call/files/<id:number>/state", hotline_files.state, name="desk_import_state"),
    path("call/files/<id:number>/take", hotline_files.take, name="desk_import_take"),
    path("call/files/<id:number>/cancel", hotline_files.cancel, name="desk_import_cancel"),
    path("call/files/<id:number>/rejects.csv", hotline_files.rejects, name="desk_import_rejects"),
    path("begin", begin.begins, name="desk_begins"),
    path("begin/<key:matter>/<key:move>", begin.begin, name="desk_begin"),
    path("cases/<number:number>", case_page.case, name="desk_case"),
    path("cases/<number:number>/moves/<key:move>", moves.make, name="desk_move"),
    path("cases/<number:number>/reveal", reporters.reveal, name="desk_reveal"),
    path("cases/<number:number>/beside", beside.beside, name="desk_beside"),
    path("cases/<number:number>/trace", traces.trace, name="desk_trace"),
    path("cases/<number:number>/trace.json", traces.trace_json, name="desk_trace_json"),
    path("cases/<number:number>/likely", fragments.likely, name="desk_likely"),
    path("cases/<number:number>/reply-hints", fragments.reply, name="desk_reply_hints"),
    path("cases/<number:number>/drafts", drafts.ask, name="desk_draft_ask"),
    path("drafts/<id:number>", drafts.state, name="desk_draft"),
    path("typed", fragments.typed, name="desk_typed"),
    path("hot-spots", hot_spots.page, name="desk_spots"),
    path("hot-spots/<int:number>", hot_spots.warning, name="desk_spot_warning"),
    path("hot-spots/points", hot_spots.points, name="desk_spots_points"),
    path("models", cards.page, name="desk_models"),
    path("cases/<number:number>/proof", proofs.proof, name="desk_proof"),
    path("condition", moves.condition, name="desk_condition"),
    path("map/cases", lists.map_cases, name="desk_map_cases"),
    path("areas/<id:number>", areas.area, name="desk_area"),
    path("areas/<id:number>/fixes", standing.write, name="desk_area_fixes"),
    path("territory/", include(grounds)),
    path("areas/<id:number>/cards.pdf", papers.area_cards, name="desk_area_cards"),
    path("catalogue", catalogue.catalogue, name="desk_catalogue"),
    path("catalogue/file", catalogue.file, name="desk_catalogue_file"),
    path("catalogue/classes/<key:key>", catalogue.class_page, name="desk_class"),
    path("catalogue/lists/<key:key>", catalogue_lists.one_list, name="desk_catalogue_list"),
    path("catalogue/lists/<key:key>/file", catalogue_lists.list_file, name="desk_catalogue_list_file"),
    path("catalogue/crosswalk", catalogue_lists.crosswalk, name="desk_crosswalk"),
    path("catalogue/versions", catalogue_lists.versions, name="desk_catalogue_versions"),
    path("catalogue/versions/changes", catalogue_lists.changes, name="desk_catalogue_changes"),
    path("notices", notices.listed, name="desk_notices"),
    path("notices/read", notices.read, name="desk_notices_read"),
    path("unread", notices.unread, name="unread"),
]

command: list[URLPattern | URLResolver] = [
    path("command", tabs.first, name="desk_command"),
    path("meetings", meetings.listed, name="desk_meetings"),
    path("meetings/new", meetings.new, name="desk_meeting_new"),
    path("meetings/prepare", meetings.prepare, name="desk_meeting_prepare"),
    path("meetings/<id:number>", meetings.meeting, name="desk_meeting"),
    path("meetings/<id:number>/paper.<key:form>", meetings.paper, name="desk_meeting_paper"),
    path("meetings/<id:number>/points/<id:item>", points.point, name="desk_meeting_point"),
    path("meetings/<id:number>/<key:deed>", meetings.do, name="desk_meeting_do"),
    path("operations", campaigns.listed, name="desk_campaigns"),
    path("operations/new", campaigns.new, name="desk_campaign_new"),
    path("operations/<id:number>", campaigns.campaign, name="desk_campaign"),
    path("operations/<id:number>/change", campaigns.change, name="desk_campaign_change"),
    path("operations/<id:number>/report.<key:form>", campaigns.paper, name="desk_campaign_paper"),
    path("operations/<id:number>/<key:deed>", campaigns.do, name="desk_campaign_do"),
    path("whistles/bulletin", bulletins.bulletin, name="desk_bulletin"),
    path("whistles/bulletin.<key:form>", bulletins.paper, name="desk_bulletin_paper"),
    path("follow-up", follow_ups.follow_up, name="desk_follow_up"),
    path("follow-up.<key:form>", follow_ups.file, name="desk_follow_up_file"),
]

signing_in = [
    path("login/", accounts.login, name="account_login"),
    path("logout/", accounts.logout, name="account_logout"),
    path("inactive/", accounts.account_inactive, name="account_inactive"),
    path("reauthenticate/", accounts.reauthenticate, name="account_reauthenticate"),
    path("password/", own_password, name="own_password"),
    path("keys/", own_keys.keys, name="own_keys"),
    path("keys/<id:number>/withdraw", own_keys.withdraw, name="own_key_withdraw"),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *portal,
    path("desk/", include(desk)),
    path("desk/", include(command)),
    path("admin/", include("gezhi.interfaces.admin.urls")),
    path("accounts/", include(signing_in)),
    path("map/areas/<key:level>", maps.areas, name="map_areas"),
    path("files/<sha256:sha256>", pictures.file, name="file"),
    path("files/<sha256:sha256>/thumb", pictures.thumb, name="thumb"),
    path("i18n/setlang", set_language, name="set_language"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.figures, name="metrics"),
]

if importlib.util.find_spec("gezhi.interfaces.api.urls"):
    urlpatterns.append(path("api/", include("gezhi.interfaces.api.urls")))
