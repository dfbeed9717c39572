// Keeps what is typed into a form every few seconds, and says so. Without a connection nothing on the page is lost.
const PAUSE = 2000;
const LONGEST = 6000; // somebody who types without a pause is kept all the same

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
    window.addEventListener("focus", () => this.comeBack());
    window.addEventListener("pageshow", () => (this.isSending = false)); // back to a page that was sent
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
    this.since ??= Date.now();
    this.timer = setTimeout(() => this.keep(), Math.min(PAUSE, Math.max(0, this.since + LONGEST - Date.now())));
  }

  async keep() {
    clearTimeout(this.timer);
    this.since = undefined;
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
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit", timeZone: this.place.dataset.zone });
    this.status.textContent = this.place.dataset.saved.replace("{time}", time);
  }

  signedOut() {
    this.isSignedOut = true;
    this.status.textContent = this.place.dataset.ended;
    this.place.querySelector("[data-pd-draft-ended]").hidden = false;
  }

  async comeBack() {
    if (!this.isSignedOut) return true;
    const answer = await fetch(this.place.dataset.url, { redirect: "manual" }).catch(() => undefined);
    if (answer?.status !== 200) return false;
    const { token } = await answer.json();
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => (input.value = token));
    this.isSignedOut = false;
    this.place.querySelector("[data-pd-draft-ended]").hidden = true;
    await this.keep();
    return !this.isSignedOut;
  }

  // A form that is sent after the sign-in has ended would be lost, so it goes once somebody is signed in again.
  async beforeSending(event) {
    if (!this.isSignedOut) {
      this.isSending = true;
      return;
    }
    event.preventDefault();
    if (!(await this.comeBack())) this.status.scrollIntoView({ block: "center" });
    else this.form.requestSubmit(event.submitter);
  }
}

export function keepDrafts(scope) {
  scope.querySelectorAll("form[data-autosave]").forEach((form) => {
    const place = form.querySelector("[data-pd-draft]");
    if (place) new Keeper(form, place);
  });
}
