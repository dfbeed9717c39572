// Marks of a chart by arrow keys, Home and End; the value one is at is also written under the drawing.
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

// A chart is drawn for wide and for narrow screens; the keys walk the drawing that is on show.
const marksBeside = (mark) => [...mark.ownerSVGElement.querySelectorAll("[data-mark]")];

function target(marks, current, key) {
  if (key === "Home") return marks[0];
  if (key === "End") return marks.at(-1);
  return key in STEPS ? marks[current + STEPS[key]] : undefined;
}

function move(event) {
  const mark = event.target.closest("[data-mark]");
  if (!mark) return;
  const marks = marksBeside(mark);
  const next = target(marks, marks.indexOf(mark), event.key);
  if (event.key in STEPS || event.key === "Home" || event.key === "End") event.preventDefault();
  if (!next) return;
  mark.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}

// The listeners sit on the figure: on the drawing itself Chromium would make the drawing focusable.
export function readCharts(scope) {
  scope.querySelectorAll("[data-pd-chart]:not([data-read])").forEach((figure) => {
    const readout = figure.querySelector("[data-pd-readout]");
    const read = (event) => {
      const mark = event.target.closest("[data-mark]");
      if (mark) readout.textContent = mark.getAttribute("aria-label");
    };
    figure.dataset.read = "";
    figure.addEventListener("keydown", move);
    figure.addEventListener("focusin", read);
    figure.addEventListener("pointerover", read);
  });
}
