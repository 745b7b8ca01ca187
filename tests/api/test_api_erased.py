"""An erased claim still opens, without the names it had; its papers are gone."""

from api_house import House
from api_papers import stay_papers
from test_api_claims import ADMITTED, DISCHARGED, a_claim, the_insured

from adjudicator.erasing import erase
from storage.access import Staff
from storage.documents import documents_of


def test_an_erased_claim_opens_without_names_and_its_papers_are_gone(house: House) -> None:
    person = the_insured(house)
    papers = stay_papers(house.reader, person, ADMITTED, DISCHARGED)
    app, adjuster = house.client(secret_of="app"), house.client(staff="chen")
    claim_id = app.send_claim(a_claim(person), papers).json["claim_id"]
    house.work()
    with house.system.database.write() as tx:
        paper = documents_of(tx, claim_id)[0].document_id
    assert adjuster.get(f"/documents/{paper}/content").status_code == 200
    assert app.post(f"/v1/claims/{claim_id}/withdrawal", json={}).status_code == 200
    erase(house.system, claim_id, Staff("yun", "云", "operator", 0), "来信 7", "（示例）民初1号")
    page = adjuster.get(f"/claims/{claim_id}")
    assert page.status_code == 200
    assert a_claim(person)["payee"]["account_number"] not in page.text
    assert app.get(f"/v1/claims/{claim_id}").json["state"] == "WITHDRAWN"
    assert adjuster.get(f"/documents/{paper}/content").status_code == 404
