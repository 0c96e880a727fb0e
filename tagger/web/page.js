// The page's own script: it asks the server for pieces of the page and puts them in by their ids.
"use strict";

const token = document.querySelector('meta[name="tagger-token"]').content;
const desk = document.querySelector("[data-document]");
const said = document.getElementById("said") || document.getElementById("given");
let busy = Promise.resolve();

function say(text) {
  if (!said) return;
  said.textContent = text;
  said.classList.add("shown");
  clearTimeout(say.timer);
  if (said.id === "said") say.timer = setTimeout(() => said.classList.remove("shown"), 5000);
}

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", body, headers: { "X-Tagger-Token": token, "Content-Type": "application/json" },
  };
  const answer = await fetch(path, options);
  if (answer.ok) return answer;
  let told = { what: answer.statusText, next: "" };
  try { told = (await answer.json()).error; } catch { /* not JSON: the status must do */ }
  throw new Error(`${told.what}; ${told.next}`);
}

// Replace every element of the answer that the page has by the same id; focus stays where it was.
async function put(answer) {
  const pieces = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  const focused = document.activeElement && document.activeElement.id;
  let told = "";
  for (const piece of [...pieces.children]) {
    const old = document.getElementById(piece.id);
    if (piece.id === "said") told = piece.textContent;
    else if (old) old.replaceWith(document.adoptNode(piece));
  }
  const after = focused && document.getElementById(focused);
  if (after && after !== document.activeElement) after.focus({ preventScroll: true });
  if (told) say(told);
}

function inTurn(work) {
  busy = busy.then(work).catch((error) => say(error.message));
  return busy;
}

const paragraphs = () => [...document.querySelectorAll(".body[data-p]")];
const number = () => Number(document.getElementById("why")?.dataset.p || 0);
const current = () => document.getElementById(`p${number()}`);

function mark() {
  for (const one of paragraphs()) one.classList.toggle("current", Number(one.dataset.p) === number());
}

function show(place, focus = true) {
  const target = document.getElementById(`p${place}`);
  if (!target) return busy;
  if (focus) {
    document.getElementById(`b${place}`).focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  }
  return inTurn(async () => {
    await put(await ask(`/page/why?document=${desk.dataset.document}&p=${place}`));
    history.replaceState(null, "", `?p=${place}#p${place}`);
    mark();
    if (focus) document.getElementById(`p${place}`)?.scrollIntoView({ block: "nearest" });
  });
}

function move(step) {
  const all = paragraphs();
  const active = document.activeElement?.closest(".body");
  const at = all.indexOf(active || current());
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  if (next) show(Number(next.dataset.p));
}

function code(change) {
  return inTurn(async () => {
    const target = current();
    if (!target) return;
    const had = target.dataset.measures.split(" ").filter(Boolean);
    const body = { document: desk.dataset.document, p: number(), measures: change(had) };
    await put(await ask("/page/code", JSON.stringify(body)));
    mark();
  });
}

const toggle = (measure) => code((had) =>
  measure === "" ? [] : had.includes(measure) ? had.filter((one) => one !== measure) : [...had, measure]);

function undo() {
  return inTurn(async () => {
    await put(await ask("/page/undo", JSON.stringify({ document: desk.dataset.document, p: number() })));
    mark();
    const place = number();
    if (place) document.getElementById(`p${place}`)?.scrollIntoView({ block: "nearest" });
  });
}

function doubtful() {
  const left = paragraphs().filter((one) => one.dataset.coded === "no" && Number(one.dataset.p) !== number());
  left.sort((a, b) => Number(b.dataset.doubt) - Number(a.dataset.doubt));
  if (left.length) show(Number(left[0].dataset.p));
  else inTurn(async () => { location.href = "/doubtful"; });
}

function close() {
  const place = number();
  const panel = document.getElementById("why");
  panel.replaceChildren();
  delete panel.dataset.p;
  mark();
  if (place) document.getElementById(`b${place}`)?.focus();
}

function flow(button) {
  const printed = document.getElementById("sheet").classList.toggle("printed");
  button.setAttribute("aria-pressed", String(printed));
  try { localStorage.setItem("tagger-flow", printed ? "" : "yes"); } catch { /* not kept, then */ }
}

async function training(path, body) {
  await put(await ask(path, body));
  watch();
}

// The server answers as soon as training ends, or after a second.
function watch() {
  if (document.getElementById("training")?.dataset.state === "running") {
    training("/page/train?wait=1").catch((error) => say(error.message));
  }
}

async function give(files) {
  say(said.dataset.reading);
  const wrong = [];
  const good = [];
  for (const file of files) {
    try {
      const answer = await ask(`/page/file?name=${encodeURIComponent(file.name)}`, file);
      good.push((await answer.json()).go);
    } catch (error) {
      wrong.push(`${file.name} (${error.message})`);
    }
  }
  if (wrong.length) say(said.dataset.unread + wrong.join("; "));
  else if (good.length === 1) location.href = good[0];
  else location.reload();
}

const acts = {
  confirm: () => code((had) => had), undo, doubt: doubtful, close, flow,
  train: () => inTurn(() => training("/page/train", "")), use: () => inTurn(() => training("/page/use", "")),
};

document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-do]");
  const measure = event.target.closest("[data-measure]");
  const body = event.target.closest(".body[data-p]");
  if (act) acts[act.dataset.do](act);
  else if (measure) toggle(measure.dataset.measure);
  else if (body && !String(getSelection())) show(Number(body.dataset.p), false);
});

document.addEventListener("keydown", (event) => {
  if (!desk || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select")) return;
  const key = event.key;
  const inPanel = event.target.closest("#why");
  const chosen = /^[0-9]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
  if (chosen) toggle(chosen.dataset.measure);
  else if (key === "j" || (key === "ArrowDown" && !inPanel)) move(1);
  else if (key === "k" || (key === "ArrowUp" && !inPanel)) move(-1);
  else if (key === "u") undo();
  else if (key === "d") doubtful();
  else if (key === "c" && number()) acts.confirm();
  else if (key === "Escape" && number()) close();
  else return;
  event.preventDefault();
});

const drop = document.getElementById("drop");
if (drop) {
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) give([...event.dataTransfer.files]);
    });
  }
  document.getElementById("files").addEventListener("change", (event) => give([...event.target.files]));
}

if (desk) {
  let kept = null;
  try { kept = localStorage.getItem("tagger-flow"); } catch { /* as the width has it, then */ }
  if (kept ?? (matchMedia("(max-width: 44rem)").matches ? "yes" : "")) flow(document.getElementById("flow"));
  mark();
  const place = number();
  if (place) document.getElementById(`b${place}`)?.focus();
}
watch();
