// Keeps what is typed into a form every few seconds, and says so. Without a connection nothing on the page is lost.
const PAUSE = 2000;

class Keeper {
  constructor(form, place) {
    this.form = form;
    this.place = place;
    this.status = place.querySelector("[data-pd-draft-status]");
    this.isSignedOut = false;
    this.kept = this.typed();
    form.addEventListener("input", () => this.soon());
    form.addEventListener("change", () => this.soon());
    form.addEventListener("submit", (event) => this.beforeSending(event));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.keep() : this.comeBack()));
  }

  typed() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields.append(name, value);
    }
    return fields.toString();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE);
  }

  async keep() {
    clearTimeout(this.timer);
    const typed = this.typed();
    if (typed === this.kept || this.isSending) return;
    const body = new URLSearchParams(typed);
    body.append("_draft_path", this.place.dataset.path);
    body.append("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(this.place.dataset.url, { method: "POST", body, redirect: "manual", keepalive: body.toString().length < 60000 });
      if (answer.status === 204) this.say(typed);
      else if (answer.status === 400) this.status.textContent = (await answer.json()).message;
      else this.signedOut();
    } catch {
      this.status.textContent = this.place.dataset.failed;
    }
  }

  say(typed) {
    this.kept = typed;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
    this.status.textContent = this.place.dataset.saved.replace("{time}", time);
  }

  signedOut() {
    this.isSignedOut = true;
    this.status.textContent = this.place.dataset.ended;
    this.place.querySelector("[data-pd-draft-ended]").hidden = false;
  }

  async comeBack() {
    if (!this.isSignedOut) return;
    const answer = await fetch(this.place.dataset.url, { redirect: "manual" });
    if (answer.status !== 200) return;
    const { token } = await answer.json();
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => (input.value = token));
    this.isSignedOut = false;
    this.place.querySelector("[data-pd-draft-ended]").hidden = true;
    this.keep();
  }

  beforeSending(event) {
    this.isSending = !this.isSignedOut;
    if (!this.isSignedOut) return;
    event.preventDefault();
    this.status.scrollIntoView({ block: "center" });
  }
}

export function keepDrafts(scope) {
  scope.querySelectorAll("form[data-autosave]").forEach((form) => {
    const place = form.querySelector("[data-pd-draft]");
    if (place) new Keeper(form, place);
  });
}
