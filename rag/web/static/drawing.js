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
    this.open = null;
    this.list = null;
    this.unread = "";
    this.drawn = {
      status: (event) => this.step(event.phase, event.label),
      candidates: (event) => this.found(event.candidates),
      draft: (event) => this.draft(this.unread + event.text),
      retracted: (event) => this.retract(event.text),
      statement: (event) => this.state(event),
    };
  }

  draw({ name, data }) {
    this.drawn[name]?.(data);
  }

  // A phase that has no line of its own is told in the last.
  step(phase, label) {
    const known = this.steps.findIndex((step) => step.dataset.phase === phase);
    const at = known < 0 ? this.steps.length - 1 : known;
    this.steps[at].textContent = label;
    this.steps.forEach((step, i) => {
      step.classList.toggle("done", i < at);
      step.classList.toggle("now", i === at);
    });
    if (phase !== "writing") this.draft("");
  }

  found(candidates) {
    const step = this.steps.find((each) => each.dataset.phase === "searching");
    const guidelines = new Set(candidates.map((each) => each.source.guideline_id)).size;
    step.textContent = `Found ${candidates.length} passages in ${guidelines} guidelines`;
  }

  // Words that no check has passed yet: they look so, and give way to what has been checked.
  draft(text) {
    this.unread = text;
    if (!this.open && text) {
      this.open = element("div", "draft");
      this.open.append(element("p", "hint", "Not yet checked"), element("p"));
      this.said.append(this.open);
    }
    if (this.open) this.open.lastChild.textContent = text;
    if (this.open && !text.trim()) {
      this.open.remove();
      this.open = null;
    }
  }

  // A statement is judged when its line is complete.
  judged(made) {
    this.draft(this.unread.slice(this.unread.lastIndexOf("\n") + 1));
    if (!made.isConnected) this.said.insertBefore(made, this.open);
  }

  retract(text) {
    const made = element("p", "retracted");
    made.append(element("del", "", text), element("span", "hint", " Taken back: no passage carries it as it is"));
    this.judged(made);
  }

  state({ heading, ordered, statement }) {
    if (heading === null) {
      this.judged(stated("p", "headline", statement));
      return;
    }
    if (this.list?.heading !== heading || this.list.ordered !== ordered) {
      const section = element("section");
      this.list = { heading, ordered, items: element(ordered ? "ol" : "ul", "statements") };
      section.append(element("h2", "", heading), this.list.items);
      this.judged(section);
    } else {
      this.judged(this.list.items.parentElement);
    }
    this.list.items.append(stated("li", "", statement));
  }
}

function stated(name, className, statement) {
  const made = element(name, className, `${statement.wording ?? statement.text}\u00a0`);
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
