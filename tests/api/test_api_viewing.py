"""Whoever looks at a claim stands in its chain: once a day, whether they opened the page or only a paper; the queue leaves no trace."""

from api_house import STAFF, House
from test_api_browser import waiting_claim

from adjudicator.story import tell
from storage.audit import find_break

DAY_MS = 24 * 3_600_000


def lookers(house: House, claim_id: str) -> list[str]:
    with house.system.database.read() as tx:
        assert find_break(tx, claim_id) is None
    return [each.actor for each in tell(house.system, claim_id).audit if each.action == "claim.viewed"]


def test_a_look_is_written_once_a_day_for_each_person(house: House) -> None:
    claim_id = waiting_claim(house)
    chen, zhou = house.client(staff="chen"), house.client(staff="zhou")
    chen.get("/")
    assert lookers(house, claim_id) == []
    for each in (chen, chen, zhou):
        assert each.get(f"/claims/{claim_id}").status_code == 200
    assert lookers(house, claim_id) == ["chen", "zhou"]
    house.system.database._ahead_ms = lambda: DAY_MS + 1_000
    assert chen.get(f"/claims/{claim_id}").status_code == 401  # the session of yesterday
    house.client(staff="chen").get(f"/claims/{claim_id}")
    assert lookers(house, claim_id) == ["chen", "zhou", "chen"]


def test_a_paper_that_is_opened_by_itself_is_a_look_too(house: House) -> None:
    claim_id = waiting_claim(house)
    document = tell(house.system, claim_id).documents[0]
    assert house.client(staff="wu").get(f"/documents/{document.document_id}/content").status_code == 200
    assert lookers(house, claim_id) == ["wu"]


def test_the_page_tells_who_looked_and_its_version_stays(house: House) -> None:
    claim_id = waiting_claim(house)
    before = tell(house.system, claim_id).claim.version
    house.client(staff="zhou").get(f"/claims/{claim_id}")
    assert tell(house.system, claim_id).claim.version == before
    page = house.client(staff="chen").get(f"/claims/{claim_id}").text
    assert STAFF["senior_adjuster"].display_name in page
    assert "查看了案件" in page


def test_what_is_refused_leaves_no_trace(house: House) -> None:
    claim_id = waiting_claim(house)
    document = tell(house.system, claim_id).documents[0]
    assert house.client(staff="wang").get(f"/documents/{document.document_id}/content").status_code == 403
    assert house.client(staff="chen").get("/claims/C0").status_code == 404
    assert lookers(house, claim_id) == []
