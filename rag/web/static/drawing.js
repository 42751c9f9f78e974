// An answer while it is written: the phases, and each statement as it passes its check.
export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export class Progress {
  constructor(question) {
    const template = document.querySelector("template#progress");
    this.article = template.content.cloneNode(true).firstElementChild;
    this.title = this.article.querySelector("h1");
    this.title.textContent = question;
    this.steps = [...this.article.querySelectorAll(".steps li")];
    this.said = this.article.querySelector(".said");
    this.list = null;
    this.draft = null;
    this.drawn = {
      status: (event) => this.step(event.phase, event.label),
      candidates: (event) => this.found(event.candidates),
      draft: (event) => this.unchecked(event.text ?? event.delta ?? ""),
      retracted: () => this.retract(),
      statement: (event) => this.state(event.heading, event.statement),
    };
  }

  draw({ name, data }) {
    this.drawn[name]?.(data);
  }

  step(phase, label) {
    const at = this.steps.findIndex((step) => step.dataset.phase === phase);
    if (at < 0) return;
    this.steps[at].textContent = label;
    this.steps.forEach((step, i) => {
      step.classList.toggle("done", i < at);
      step.classList.toggle("now", i === at);
    });
  }

  found(candidates) {
    const step = this.steps.find((each) => each.dataset.phase === "searching");
    const guidelines = new Set(candidates.map((each) => each.source.guideline_id)).size;
    step.textContent = `Found ${candidates.length} passages in ${guidelines} guidelines`;
  }

  // Words that no check has passed yet: they look so, and give way to those that have.
  unchecked(text) {
    if (!this.draft) {
      this.draft = element("div", "draft");
      this.draft.append(element("p", "hint", "Not yet checked"), element("p"));
      this.said.append(this.draft);
    }
    this.draft.lastChild.append(text);
  }

  retract() {
    if (!this.draft) return;
    this.draft.firstChild.textContent = "Not carried by its passages, and taken back";
    const struck = element("del");
    struck.append(...this.draft.lastChild.childNodes);
    this.draft.lastChild.append(struck);
    this.draft = null;
  }

  state(heading, statement) {
    this.draft?.remove();
    this.draft = null;
    if (heading === null) {
      this.said.append(stated("p", "headline", statement));
      return;
    }
    if (this.list?.heading !== heading) {
      const section = element("section");
      const list = element("ul", "statements");
      section.append(element("h2", "", heading), list);
      this.said.append(section);
      this.list = { heading, list };
    }
    this.list.list.append(stated("li", "", statement));
  }
}

function stated(name, className, statement) {
  const made = element(name, className, `${statement.wording ?? statement.text} `);
  made.dir = "auto";
  const numbers = element("span", "numbers");
  const cited = new Map(statement.citations.map((each) => [each.number, each.chunk_id]));
  for (const [number, chunk] of cited) {
    const link = element("a", "", `[${number}]`);
    link.href = `/passages/${encodeURIComponent(chunk)}`;
    numbers.append(link);
  }
  made.append(numbers);
  if (statement.grade) {
    made.append(" ", element("span", "grade", `${statement.grade.system}: ${statement.grade.text}`));
  }
  return made;
}
