import re
import pytest
from html.parser import HTMLParser
from gezhi.config import access
from tests.architecture.test_access import World, every_address, ROLES, actor, world


from tests.interfaces.visitor import Visitor, as_

class Text(HTMLParser):
    def __init__(self): super().__init__(); self.skip=0; self.out=[]
    def handle_starttag(self,t,a):
        if t in("script","style","code","kbd"): self.skip+=1
        for n,v in a:
            if n in ("alt","title","placeholder","aria-label") and v: self.out.append(v)
    def handle_endtag(self,t):
        if t in("script","style","code","kbd"): self.skip-=1
    def handle_data(self,d):
        if not self.skip: self.out.append(d)

@pytest.mark.parametrize("username", ROLES)
def test_zh(world, username):
    v = as_(world.town, username, language="zh-hans") if username else Visitor(world.town, language="zh-hans")
    found={}
    for name, pattern in every_address():
        if name not in access.TABLE or name in {"account_logout"}: continue
        r=v.get(world.address(pattern,name))
        if "html" not in r.headers.get("Content-Type",""): continue
        t=Text(); t.feed(r.content.decode())
        for s in t.out:
            for w in re.findall(r"[A-Za-z][A-Za-z' ]{3,}",s):
                found.setdefault(w.strip(),name+" "+str(r.status_code))
    print("\n".join(f"{k!r}: {v}" for k,v in sorted(found.items())))
    assert 0
