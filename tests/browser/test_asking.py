import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.asked import streamed, unfinished
from tests.browser.corpus import BIOPSY, MASS, NOTHING
from tests.identities import HARMLESS, TELLING

ANSWER = re.compile(r"/answers/a-[0-9a-f]{16}$")


def ask(page: Page, text: str, path: str = "/") -> None:
    page.goto(path)
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Ask", exact=True).click()


def answered(page: Page, text: str = MASS) -> str:
    ask(page, text)
    page.wait_for_url(ANSWER)
    return page.url


def test_a_question_leads_to_its_answer(page: Page) -> None:
    answered(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(MASS)
    expect(page.locator(".headline")).to_contain_text("Ultrasound of the abdomen comes first")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Answer ready, \d+ references"))


def test_statements_appear_as_they_pass_and_before_the_answer_is_there(
    page: Page, address: str
) -> None:
    page.goto("/")
    unfinished(page, streamed(address, MASS))
    page.locator("#text").fill(MASS)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".progress .headline")).to_contain_text("Ultrasound of the abdomen")
    expect(page.locator(".progress .steps")).to_contain_text(re.compile(r"Found \d+ passages"))
    expect(page.get_by_role("status")).to_have_text("Looking for the answer")


FORBIDDEN = """
for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, { get() { throw new DOMException("", "SecurityError"); } });
}
"""


def test_a_browser_that_may_keep_nothing_asks_all_the_same(page: Page) -> None:
    page.add_init_script(FORBIDDEN)
    answered(page)
    page.get_by_role("button", name="In training").click()
    expect(page.locator(".chosen")).to_have_text("In training")


def test_asking_twice_at_once_asks_once(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if r.url.endswith("/ask") else None)
    page.goto("/")
    page.locator("#text").fill(MASS)
    page.locator(".ask").evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")
    page.wait_for_url(ANSWER)
    assert len(asked) == 1


def test_a_slash_leads_to_the_box(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("/a")
    expect(page.locator("#text")).to_have_value("/a")


def test_a_follow_up_shows_what_it_was_searched_as_and_that_can_be_changed(page: Page) -> None:
    answered(page)
    page.locator("#text").fill("And before a biopsy?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page).to_have_title("And before a biopsy?")
    expect(page.get_by_text("Question 2 of 2 in this conversation")).to_be_visible()
    page.get_by_text("Searched for").first.click()
    query = page.locator(".searched textarea")
    expect(query).to_have_value(re.compile(r"And before a biopsy\? \("))
    query.fill("biopsy of an abdominal mass in a child")
    page.locator(".searched").get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("Question 3 of 3 in this conversation")).to_be_visible()
    expect(page.locator(".searched summary")).to_contain_text("biopsy of an abdominal mass")


def test_a_number_means_the_same_passage_in_the_whole_conversation(page: Page) -> None:
    answered(page)
    first = page.locator("#ref-1 cite").text_content()
    ask(page, BIOPSY, page.url)
    expect(page.get_by_text("Question 2 of 2 in this conversation")).to_be_visible()
    page.get_by_role("link", name="The whole conversation").click()
    expect(page.locator("article.turn")).to_have_count(2)
    assert page.locator("#ref-1 cite").text_content() == first
    for number in page.locator('a[role="doc-noteref"]').all():
        assert page.locator(f"{number.get_attribute('href')}").count() == 1


def test_the_way_to_a_follow_up_ends_in_its_box(page: Page) -> None:
    answered(page)
    page.get_by_role("link", name="Ask a follow-up").click()
    expect(page.locator("#text")).to_be_focused()
    expect(page.get_by_role("heading", name="Ask a follow-up")).to_be_in_viewport()


def test_an_audience_is_one_click_away_and_remembered(page: Page) -> None:
    answered(page)
    page.get_by_role("button", name="In training").click()
    expect(page.locator(".chosen")).to_have_text("In training")
    page.goto("/")
    expect(page.get_by_role("radio", name="In training")).to_be_checked()


def test_an_example_is_asked_for_the_audience_that_is_chosen(page: Page) -> None:
    page.goto("/")
    page.get_by_text("In training").click()
    page.locator(".questions button").first.click()
    page.wait_for_url(ANSWER)
    expect(page.locator(".chosen")).to_have_text("In training")


def test_guidelines_that_differ_are_no_failure_to_answer(page: Page) -> None:
    answered(page, BIOPSY)
    expect(page.get_by_role("heading", name="Guidelines differ")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Answer ready, \d+ references"))


def test_a_question_without_an_answer_can_be_put_in_other_words(page: Page) -> None:
    answered(page, NOTHING)
    expect(page.get_by_role("status")).to_have_text("No answer was found")
    box = page.get_by_label("Put it in other words")
    expect(box).to_have_value(NOTHING)
    box.fill(MASS)
    page.locator(".rephrase").get_by_role("button", name="Ask again").click()
    expect(page.locator(".headline").last).to_contain_text("Ultrasound of the abdomen comes first")


def test_an_identity_is_not_sent_unless_it_is_meant(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    ask(page, f"Mrs Miller, DOB 3/12/1961: {MASS}")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Mrs Miller looks like a name")
    expect(alert).to_contain_text("DOB 3/12/1961 looks like a date of birth")
    assert sent == []
    page.get_by_role("button", name="Send anyway").click()
    page.wait_for_url(ANSWER)


def test_the_browser_finds_what_the_server_finds(page: Page) -> None:
    page.goto("/")
    module = page.locator('script[src$="asking.js"]').get_attribute("src")
    assert module
    found = page.evaluate(
        """async ([module, texts]) => {
            const { identifying } = await import(module);
            return texts.map((text) => identifying(text).map(({ words }) => words));
        }""",
        [module.replace("asking", "identity"), [*TELLING, *HARMLESS]],
    )
    assert found == [[words] for words in TELLING.values()] + [[] for _ in HARMLESS]


def test_what_cannot_be_asked_stays_in_the_box_with_the_reason(page: Page) -> None:
    ask(page, "?!")
    expect(page.get_by_role("alert")).to_contain_text("the question is empty")
    expect(page.locator("#text")).to_have_value("?!")
    expect(page.locator("#text")).to_be_focused()


def test_typed_text_outlives_a_reload_and_a_way_back(page: Page) -> None:
    page.goto("/")
    page.locator("#text").press_sequentially("What first")
    page.reload()
    expect(page.locator("#text")).to_have_value("What first")
    page.goto("/policy")
    page.goto("/")
    expect(page.locator("#text")).to_have_value("What first")
    page.locator("#text").fill(MASS)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url(ANSWER)
    page.go_back()
    expect(page.locator("#text")).to_have_value(MASS)
    expect(page.locator(".progress")).to_have_count(0)


def test_an_edited_search_outlives_a_reload_until_it_is_asked(page: Page) -> None:
    answered(page)
    page.locator("#text").fill("And before a biopsy?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("Question 2 of 2 in this conversation")).to_be_visible()
    first = page.url
    page.locator(".searched summary").click()
    page.locator(".searched textarea").fill("biopsy of a mass")
    page.reload()
    expect(page.locator(".searched textarea")).to_be_visible()
    expect(page.locator(".searched textarea")).to_have_value("biopsy of a mass")
    page.locator(".searched").get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("Question 3 of 3 in this conversation")).to_be_visible()
    page.goto(first)
    expect(page.locator(".searched textarea")).to_have_value(re.compile("And before a biopsy"))


def test_a_new_question_begins_with_an_empty_box(page: Page) -> None:
    answered(page)
    page.get_by_role("link", name="Guideline answers").click()
    expect(page.locator("#text")).to_have_value("")


def test_asking_can_be_stopped_and_the_text_is_still_there(page: Page) -> None:
    page.goto("/")
    unfinished(page, "")
    page.locator("#text").fill(MASS)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value(MASS)


def cut(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, body=response.text()[:900])


def test_a_lost_stream_is_asked_for_in_one_piece(page: Page) -> None:
    page.goto("/")
    page.route("**/ask", cut, times=1)
    page.locator("#text").fill(MASS)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url(ANSWER)
    expect(page.locator(".headline")).to_contain_text("Ultrasound of the abdomen comes first")


def test_a_lost_follow_up_leads_to_the_answer_that_was_kept(page: Page) -> None:
    answered(page)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if r.url.endswith("/ask") else None)
    page.route("**/ask", cut)
    page.locator("#text").fill("And  before a biopsy?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("Question 2 of 2 in this conversation")).to_be_visible()
    assert len(asked) == 1


def test_a_service_out_of_reach_says_so_and_keeps_the_question(page: Page) -> None:
    page.goto("/")
    page.route("**/ask", lambda route: route.abort())
    page.locator("#text").fill(MASS)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(page.locator("#text")).to_have_value(MASS)


DRAFTED = "".join(
    f"event: {name}\ndata: {data}\n\n"
    for name, data in (
        ("status", '{"phase": "writing", "label": "Reading 3 passages"}'),
        ("draft", '{"text": "Ultrasound comes first.\\nCT is never "}'),
        (
            "statement",
            '{"heading": null, "statement": {"text": "Ultrasound comes first.", "wording": null,'
            ' "grade": null, "citations": [{"number": 1, "chunk_id": "0"}]}}',
        ),
        ("draft", '{"text": "needed.\\nMRI"}'),
        ("retracted", '{"text": "CT is never needed."}'),
    )
)


STEPS = "".join(
    f"event: statement\ndata: {json.dumps(step)}\n\n"
    for step in (
        {
            "heading": "Steps",
            "ordered": ordered,
            "statement": {"text": f"Do {n}.", "wording": None, "grade": None, "citations": []},
        }
        for n, ordered in enumerate([True, True, False], start=1)
    )
)


def test_steps_are_numbered_while_they_arrive(page: Page) -> None:
    page.goto("/")
    unfinished(page, STEPS)
    page.locator("#text").fill(MASS)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".progress ol.statements li")).to_have_text(["Do 1.", "Do 2."])
    expect(page.locator(".progress ul.statements li")).to_have_text(["Do 3."])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_unchecked_words_look_so_and_are_struck_when_taken_back(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.goto("/")
    unfinished(page, DRAFTED)
    page.locator("#text").fill(MASS)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".said > .headline")).to_have_text("Ultrasound comes first. [1]")
    expect(page.locator(".retracted del")).to_have_text("CT is never needed.")
    expect(page.locator(".draft")).to_contain_text("Not yet checked")
    expect(page.locator(".draft p").last).to_have_text("MRI")
