"use strict";
// Filters, search and deep links. Without it the page is whole: everything is there to read.
(() => {
  const form = document.getElementById("filter");
  const findings = Array.from(document.querySelectorAll("article.f"));
  const models = Array.from(document.querySelectorAll(".model"));
  const groups = Array.from(document.querySelectorAll("details.group"));
  const shown = document.getElementById("shown");
  const note = document.getElementById("filtered");
  const texts = new Map();
  const home = new Map(findings.map((one) => [one, one.closest(".model")]));

  const text = (one) => {
    if (!texts.has(one)) texts.set(one, `${home.get(one).querySelector("h3")?.textContent} ${one.textContent}`.toLowerCase());
    return texts.get(one);
  };

  function apply() {
    const data = new FormData(form);
    const outcomes = new Set(data.getAll("o"));
    const model = data.get("m");
    const license = data.get("l");
    const words = data.get("q").toLowerCase().split(/\s+/).filter(Boolean);
    const narrow = Boolean(model || license || words.length);
    const full = !narrow && outcomes.size === form.elements.o.length;
    const kept = new Set();
    let count = 0;
    for (const one of findings) {
      const fits = outcomes.has(one.dataset.o) && (!license || one.dataset.l === license)
        && (!model || home.get(one).id === model) && words.every((word) => text(one).includes(word));
      if (one.hidden === fits) one.hidden = !fits;
      if (fits) {
        count += 1;
        kept.add(home.get(one));
        if (one.parentElement.matches("details.group")) kept.add(one.parentElement);
      }
    }
    for (const part of models) part.hidden = !full && !kept.has(part);
    for (const group of groups) {
      group.hidden = !kept.has(group);
      if (narrow && kept.has(group)) group.open = true;
    }
    shown.textContent = `${count} of ${findings.length} findings`;
    note.hidden = full;
    note.textContent = full ? "" : `Filtered: ${count} of ${findings.length} findings are shown.`;
  }

  function reveal() {
    let id = "";
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const target = id && document.getElementById(id);
    if (!target) return;
    if (target.closest("[hidden]")) {
      form.reset();
      apply();
    }
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    target.scrollIntoView();
    if (target.tabIndex === -1) target.focus({preventScroll: true});
  }

  let wait = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(wait);
    wait = setTimeout(apply, event.target.type === "search" ? 150 : 0);
  });
  form.addEventListener("reset", () => setTimeout(apply, 0));
  form.addEventListener("submit", (event) => event.preventDefault());
  const all = document.getElementById("all");
  all.addEventListener("click", () => {
    const open = all.textContent === "Open all";
    for (const part of document.querySelectorAll("details")) part.open = open;
    all.textContent = open ? "Close all" : "Open all";
  });
  addEventListener("hashchange", reveal);

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of closed) part.open = false;
  });

  form.hidden = false;
  apply();
  reveal();
})();
