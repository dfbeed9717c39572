// Behavior of the frame and of lists. Every page works without it.
import { initAll } from "../vendor/govuk-frontend-6.6.0/govuk-frontend.min.js";
import { readCharts } from "./chart.js";
import { keepDrafts } from "./draft.js";

const phone = window.matchMedia("(max-width: 55.99em)");

function closeFiltersOnPhones(scope) {
  if (phone.matches) scope.querySelectorAll("[data-pd-filters]").forEach((filters) => filters.removeAttribute("open"));
}

function letMenusClose() {
  const openMenus = () => document.querySelectorAll("[data-pd-menu][open]");
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });
}

const rowsOf = (form) => [...document.querySelectorAll(`tbody input[type="checkbox"][form="${form.id}"]`)];

function showCount(form) {
  const chosen = rowsOf(form).filter((box) => box.checked).length;
  const place = form.querySelector("[data-pd-bulk-count]");
  place.dataset.none ??= place.textContent;
  place.textContent = chosen ? place.dataset.words.replace("{n}", chosen) : place.dataset.none;
}

function countChosenRows(scope) {
  scope.querySelectorAll("[data-pd-bulk]").forEach((form) => {
    const all = document.querySelector(`[data-pd-pick-all="${form.id}"]`);
    rowsOf(form).forEach((box) => box.addEventListener("change", () => showCount(form)));
    if (all) {
      all.hidden = false;
      all.addEventListener("change", () => {
        rowsOf(form).forEach((box) => (box.checked = all.checked));
        showCount(form);
      });
    }
    showCount(form);
  });
}

function offerPrinting(scope) {
  scope.querySelectorAll("[data-pd-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}

function start(scope) {
  initAll({ scope });
  closeFiltersOnPhones(scope);
  countChosenRows(scope);
  offerPrinting(scope);
  readCharts(scope);
  keepDrafts(scope);
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
letMenusClose();
start(document);
document.addEventListener("htmx:afterSwap", (event) => start(event.detail.elt.parentElement ?? document));
