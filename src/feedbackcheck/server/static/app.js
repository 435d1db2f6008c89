// The page. Words of a draft only ever become text nodes; nothing is stored; nothing is asked of another host.
// Offsets: the API counts Unicode code points, the browser UTF-16 units. Everything here is UTF-16, converted once.

const $ = (id) => document.getElementById(id);
const draft = $("draft");
const mirror = $("mirror");

const DELAY = 250;
const MAX_TEXT = 50_000;
const PARTS = { personlig: "Personlig", begrunnelse: "Begrunnelse", utvikling: "Utvikling", tone: "Tone", trygghet: "Trygghet" };
const SEVERITY = { error: "Rett opp", warning: "Bør endres", hint: "Vurder" };
const STAGES = { soknad: "bare søknad", intervju: "intervju", finale: "blant de siste", telefon: "telefonsamtale" };
// Names of rules are ASCII; these words get their Norwegian letters back.
const SPELLING = {
  lofte: "løfte", agentlos: "agentløs", byrakratisk: "byråkratisk", apningssporsmal: "åpningsspørsmål",
  malform: "målform", sen: "sent svar", "cv-lagring": "CV-lagring",
};
const EXAMPLE = {
  stage: "intervju",
  facts: {
    candidate_name: "Samira Haugen", position: "prosjektleder", company: "Fjordkraft Bygg", sender: "Lars Tveit",
    applicants: "14", requirements: "erfaring med budsjett", notes: "god på caset\nlite erfaring med budsjett",
  },
  text: `Kjære søker,

Takk for interessen for vår virksomhet. Vi har mottatt mange søknader fra svært godt kvalifiserte kandidater, og vi har dessverre valgt å gå videre med andre som passet bedre til stillingen.

Vi beholder CV-en din og tar kontakt hvis noe dukker opp. Lykke til videre i jobbsøkingen!

Med vennlig hilsen
HR-avdelingen
`,
};
const FACTS = ["candidate_name", "position", "company", "sender", "applicants", "applicant_language", "requirements", "notes", "advert"];

let token = null; // in memory only
let checked = ""; // the text that `findings` point into
let findings = [];
let present = [];
let active = null;
let preview = null; // the range that an alternative would replace
let checking = null; // AbortController of the check under way
let timer = 0;
let composing = false;
let taken = ""; // the text that was copied last

// ---------------------------------------------------------------- small helpers

/** An element with text or children. Never markup. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return node;
}

function debounce(work, wait) {
  let handle = 0;
  return (...args) => {
    clearTimeout(handle);
    handle = setTimeout(() => work(...args), wait);
  };
}

/** A function from code points to UTF-16 units of `text`. */
function converter(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (n) => n;
  const units = [0];
  for (const character of text) units.push(units[units.length - 1] + character.length);
  return (n) => units[Math.min(n, units.length - 1)];
}

function title(slug) {
  const words = SPELLING[slug] ?? slug.split("-").map((w) => SPELLING[w] ?? w).join(" ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function plural(n, one, many) {
  return `${n} ${n === 1 ? one : many}`;
}

/** Text with its open fields (⟨…⟩) marked. */
function withGaps(text) {
  return text.split(/(⟨[^⟩]*⟩)/).filter(Boolean).map((piece) => (piece.startsWith("⟨") ? el("mark", {}, piece) : piece));
}

let noteTimer = 0;
function note(text, { bad = false, keep = false } = {}) {
  clearTimeout(noteTimer);
  $("note").textContent = text;
  $("note").classList.toggle("bad", bad);
  if (text && !keep) noteTimer = setTimeout(() => note(""), 6000);
}

// ---------------------------------------------------------------- asking the server

class Refused extends Error {}

async function ask(path, options = {}) {
  for (;;) {
    const headers = { ...(options.headers ?? {}) };
    const used = token;
    if (used !== null) headers.Authorization = `Bearer ${used}`;
    let response;
    try {
      response = await fetch(path, { ...options, headers, credentials: "omit", cache: "no-store" });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Refused("Får ikke svar fra programmet. Kjører «feedbackcheck serve» fortsatt?");
    }
    if (response.status === 401) {
      await askForToken(used);
      continue;
    }
    if (response.ok) return response.json();
    let detail = null;
    try {
      detail = (await response.json()).detail;
    } catch { /* no JSON: the status says enough */ }
    if (Array.isArray(detail)) detail = "Noe av det du fylte inn, kan ikke brukes: " + detail.map((d) => (d.loc ?? []).slice(-1)[0]).join(", ");
    throw new Refused(detail ?? `Programmet svarte med feil ${response.status}.`);
  }
}

const post = (path, body, signal) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });

let tokenWait = null;
/** Resolves when there is another key than the refused one. */
function askForToken(refused) {
  if (token !== refused) return Promise.resolve();
  tokenWait ??= new Promise((resolve) => {
    $("token-error").textContent = refused === null ? "" : "Nøkkelen stemmer ikke.";
    $("token").value = "";
    $("token-dialog").showModal();
    $("token-form").onsubmit = (event) => {
      event.preventDefault();
      token = $("token").value.trim();
      $("token").value = "";
      $("token-dialog").close();
      tokenWait = null;
      resolve();
    };
  });
  return tokenWait;
}
// Without a key nothing works, so the dialog stays.
$("token-dialog").addEventListener("cancel", (event) => event.preventDefault());

function lines(id) {
  return $(id).value.split("\n").map((line) => line.trim().slice(0, 1000)).filter(Boolean).slice(0, 50);
}

function request() {
  const context = {};
  for (const key of ["candidate_name", "position", "company", "sender", "advert", "applicant_language"]) {
    const value = $(key).value.trim();
    if (value) context[key] = value.slice(0, key === "advert" ? MAX_TEXT : 200);
  }
  const applicants = $("applicants").valueAsNumber;
  if (Number.isInteger(applicants) && applicants >= 0 && applicants <= 1_000_000) context.applicants = applicants;
  for (const key of ["requirements", "notes"]) if (lines(key).length) context[key] = lines(key);
  if ($("called_first").checked) context.called_first = true;
  if ($("detail_short").checked) context.detail_wanted = "short";
  return { text: draft.value, stage: $("stage").value || null, mode: $("mode").value || null, context };
}

function schedule(wait = DELAY) {
  clearTimeout(timer);
  timer = setTimeout(check, wait);
}

async function check() {
  clearTimeout(timer);
  checking?.abort();
  const controller = (checking = new AbortController());
  const body = request();
  if (!body.text.trim()) {
    forget();
    return;
  }
  if ([...body.text].length > MAX_TEXT) {
    note("Utkastet er lengre enn 50 000 tegn og blir ikke kontrollert.", { bad: true, keep: true });
    return;
  }
  try {
    const answer = await post("/v1/check", body, controller.signal);
    if (controller !== checking) return;
    if ($("note").classList.contains("bad")) note("");
    show(answer, body.text);
  } catch (error) {
    if (error.name !== "AbortError") note(error.message, { bad: true, keep: true });
  }
}

function forget() {
  findings = [];
  present = [];
  active = preview = null;
  checked = draft.value;
  $("result").hidden = $("jump").hidden = true;
  $("empty").hidden = false;
  announce("");
  paint();
}

// ---------------------------------------------------------------- what is shown

function show(answer, text) {
  const unit = converter(text);
  const convert = (item) => ({ ...item, start: item.start == null ? null : unit(item.start), end: item.end == null ? null : unit(item.end) });
  findings = answer.findings.map((f, index) => ({ ...convert(f), key: `${index}-${f.code}`, suggestions: f.suggestions.map(convert) }));
  present = answer.ingredients;
  checked = text;
  active = preview = null;
  move(draft.value); // typed on while the answer came

  $("empty").hidden = true;
  $("result").hidden = false;
  $("skipped").hidden = !(answer.skipped || answer.notices?.length);
  $("skipped").textContent = skipped(answer);
  showScore(answer);
  const missing = findings.filter((f) => f.code.startsWith("MAN"));
  const rest = findings.filter((f) => !f.code.startsWith("MAN"));
  $("findings").replaceChildren(...rest.map((f) => card(f, text)));
  $("missing").replaceChildren(...missing.map((f) => card(f, text)));
  $("findings-count").textContent = rest.length;
  $("missing-count").textContent = missing.length;
  $("no-findings").hidden = rest.length > 0 || answer.score === null;
  $("no-missing").hidden = missing.length > 0 || answer.score === null;
  const names = [...new Set(present.map((i) => title(i.name)))];
  $("present").replaceChildren(...names.map((name) => el("li", {}, name)));
  $("present-box").hidden = names.length === 0;
  const issues = plural(findings.length, "ting", "ting");
  $("jump").hidden = false;
  $("jump").textContent = answer.score ? `${answer.score.total} av 100 – ${issues} å se på` : "Se vurderingen";
  paint();
  announce(
    answer.score
      ? `Poeng ${answer.score.total} av 100, karakter ${answer.score.grade}. ${plural(rest.length, "funn", "funn")} og ${plural(missing.length, "mangel", "mangler")}.`
      : $("skipped").textContent,
  );
}

function skipped(answer) {
  const reason = answer.skipped ? `Teksten er ikke vurdert (${answer.skipped}).` : "";
  return [reason, ...(answer.notices ?? [])].filter(Boolean).join(" ");
}

/** Read aloud when the typing rests, and only what is new. */
const announce = debounce((text) => {
  if ($("summary").textContent !== text) $("summary").textContent = text;
}, 700);

for (const [key, label] of Object.entries(PARTS)) {
  $("parts").append(
    el("div", {}, el("dt", { id: `part-${key}` }, label),
      el("dd", {}, el("meter", { min: 0, max: 100, low: 45, high: 75, optimum: 100, value: 0, id: `meter-${key}`, "aria-labelledby": `part-${key}` }),
        el("span", { class: "value", id: `value-${key}` }, "0"))),
  );
}

function showScore(answer) {
  const score = answer.score;
  $("score").hidden = score === null;
  if (score === null) return;
  $("total").textContent = score.total;
  $("grade").textContent = score.grade;
  $("guess").textContent = answer.stage_source === "guess" ? `Gjettet: ${STAGES[answer.stage]}` : "";
  for (const key of Object.keys(PARTS)) {
    $(`meter-${key}`).value = score.parts[key];
    $(`meter-${key}`).textContent = `${score.parts[key]} av 100`;
    $(`value-${key}`).textContent = score.parts[key];
  }
  const steps = [...score.contributions].sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
  const points = (n) => (n > 0 ? "+" : n < 0 ? "−" : "") + Math.abs(n).toFixed(1).replace(".", ",");
  $("contributions").replaceChildren(
    el("li", {}, "Utgangspunkt", el("span", { class: "number-small" }, points(score.start))),
    ...steps.map((c) => el("li", {}, title(c.label), el("span", { class: "number-small" }, points(c.points)))),
    ...score.caps.map((cap) => el("li", { class: "cap" }, `Tak: ${cap}`)),
  );
}

function card(finding, text) {
  const quoted = finding.start === null ? null : text.slice(finding.start, finding.end).trim();
  const missing = finding.code.startsWith("MAN");
  const id = `funn-${finding.key}`;
  const node = el("li", { class: finding.severity, id, "data-code": finding.code },
    el("h4", {}, missing ? finding.message : title(finding.name), el("span", { class: "severity" }, SEVERITY[finding.severity] ?? finding.severity)),
    quoted ? el("blockquote", {}, el("span", {}, `«${quoted.length > 220 ? quoted.slice(0, 220) + " …" : quoted}»`)) : null,
    missing ? null : el("p", {}, finding.message),
    finding.suggestions.length && !missing ? null : finding.advice ? el("p", { class: "quiet" }, finding.advice) : null,
  );
  if (finding.suggestions.length) {
    const list = (items) => el("ul", { class: "choices", "aria-label": missing ? "Forslag til setning" : "Alternativer" }, ...items.map((s) => choice(finding, s, text)));
    const [first, ...others] = finding.suggestions.slice(0, 3);
    node.append(list([first]));
    if (others.length) node.append(el("details", { class: "more" }, el("summary", {}, plural(others.length, "alternativ til", "alternativer til")), list(others)));
  }
  node.append(el("div", { class: "actions" },
    quoted ? el("button", { type: "button", class: "link", onclick: () => reveal(finding) }, "Vis i teksten") : null,
    el("button", { type: "button", class: "link", "aria-label": `Hvorfor? ${missing ? finding.message : title(finding.name)}`, onclick: () => explain(finding.code, title(finding.name)) }, "Hvorfor?"),
  ));
  return node;
}

function choice(finding, suggestion, text) {
  const start = suggestion.start ?? finding.start;
  const end = suggestion.end ?? finding.end;
  // The range moves with the text as one types on; it is null when one has typed in it.
  Object.assign(suggestion, { start, end });
  const words = suggestion.text.trim();
  const removed = words ? "" : text.slice(start ?? 0, end ?? 0).trim();
  const label = words ? (start === end ? "Sett inn" : "Bruk") : "Stryk";
  const light = (on) => () => {
    preview = on && suggestion.start !== null && suggestion.start < suggestion.end ? suggestion : null;
    paint();
  };
  return el("li", { onmouseenter: light(true), onmouseleave: light(false) },
    el("span", { class: "words" }, ...(words ? withGaps(words) : [`Stryk «${removed}»`])),
    start == null ? null : el("button", { type: "button", "aria-label": `${label}: ${words || removed}`, onclick: () => accept(suggestion), onfocus: light(true), onblur: light(false) }, label),
  );
}

function accept(suggestion) {
  if (suggestion.start === null || suggestion.start === undefined) {
    note("Teksten er endret her. Vent litt, så kommer forslaget på nytt.");
    return;
  }
  const at = suggestion.start;
  replace(at, suggestion.end, suggestion.text);
  const gap = /⟨[^⟩]*⟩/.exec(suggestion.text);
  if (gap) draft.setSelectionRange(at + gap.index, at + gap.index + gap[0].length);
  note(gap ? "Satt inn. Skriv over det markerte feltet." : "Endret. Ctrl+Z angrer.");
  keepInView(at);
}

/** Change the draft so that the browser's own undo knows it. */
function replace(start, end, text) {
  draft.focus({ preventScroll: true });
  draft.setSelectionRange(start, end);
  const before = draft.value;
  const expected = before.slice(0, start) + text + before.slice(end);
  if (expected === before) return;
  const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (!done || draft.value !== expected) {
    draft.value = before;
    draft.setRangeText(text, start, end, "end");
    draft.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function reveal(finding) {
  if (finding.start === null) return;
  draft.focus({ preventScroll: true });
  draft.setSelectionRange(finding.start, finding.end);
  keepInView(finding.start);
  const box = draft.getBoundingClientRect();
  if (box.top < 0 || box.top > innerHeight * 0.6) $("editor").scrollIntoView({ block: "start" });
  activate(finding);
}

/** Scroll the draft so that the line of an offset can be seen. */
function keepInView(offset) {
  const range = document.createRange();
  let left = offset;
  const walker = document.createTreeWalker(mirror, NodeFilter.SHOW_TEXT);
  for (let n = walker.nextNode(); n; n = walker.nextNode()) {
    if (left <= n.length) {
      range.setStart(n, left);
      range.setEnd(n, left);
      const place = range.getBoundingClientRect().top - mirror.getBoundingClientRect().top + mirror.scrollTop;
      if (place < draft.scrollTop + 20 || place > draft.scrollTop + draft.clientHeight - 60) draft.scrollTop = Math.max(0, place - draft.clientHeight / 3);
      follow();
      return;
    }
    left -= n.length;
  }
}

// ---------------------------------------------------------------- the layer with the underlines

/** Move every range with an edit of the text; a range that the edit touches is gone until the next check. */
function move(now) {
  const before = checked;
  if (before === now) return;
  const most = Math.min(before.length, now.length);
  let head = 0;
  while (head < most && before.charCodeAt(head) === now.charCodeAt(head)) head += 1;
  let tail = 0;
  while (tail < most - head && before.charCodeAt(before.length - 1 - tail) === now.charCodeAt(now.length - 1 - tail)) tail += 1;
  const from = before.length - tail;
  const by = now.length - before.length;
  const shift = (item) => {
    if (item.start == null) return;
    if (item.end <= head) return;
    if (item.start >= from) {
      item.start += by;
      item.end += by;
    } else item.start = item.end = null;
  };
  for (const finding of findings) {
    shift(finding);
    finding.suggestions.forEach(shift);
  }
  checked = now;
}

function paint() {
  const text = draft.value;
  const ranges = [];
  for (const f of findings) if (f.start !== null && f.end > f.start) ranges.push({ start: f.start, end: f.end, kind: f.severity, finding: f });
  for (const gap of text.matchAll(/⟨[^⟩\n]*⟩/g)) ranges.push({ start: gap.index, end: gap.index + gap[0].length, kind: "gap" });
  if (preview && preview.start !== null) ranges.push({ start: preview.start, end: preview.end, kind: "replaced" });
  const cuts = [...new Set([0, text.length, ...ranges.flatMap((r) => [r.start, r.end])])].filter((n) => n <= text.length).sort((a, b) => a - b);
  const out = document.createDocumentFragment();
  const order = ["error", "warning", "hint"];
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const [start, end] = [cuts[i], cuts[i + 1]];
    const over = ranges.filter((r) => r.start <= start && r.end >= end);
    const piece = text.slice(start, end);
    if (!over.length) {
      out.append(piece);
      continue;
    }
    const kinds = new Set(over.map((r) => r.kind));
    const classes = [order.find((k) => kinds.has(k)), kinds.has("gap") && "gap", kinds.has("replaced") && "replaced",
      over.some((r) => r.finding && r.finding === active) && "active"].filter(Boolean);
    const codes = over.filter((r) => r.finding).map((r) => r.finding.code).join(" ");
    out.append(el("span", { class: classes.join(" "), "data-codes": codes || null }, piece));
  }
  out.append("\n"); // a last empty line has its height
  mirror.replaceChildren(out);
  const words = text.match(/[\p{L}\p{N}]+(?:[-’'.][\p{L}\p{N}]+)*/gu)?.length ?? 0;
  $("count").textContent = plural(words, "ord", "ord");
  const gaps = text.match(/⟨[^⟩\n]*⟩/g)?.length ?? 0;
  $("next-gap").hidden = gaps === 0;
  $("next-gap").textContent = `Gå til neste åpne felt (${gaps})`;
  for (const node of document.querySelectorAll(".cards > li")) node.classList.toggle("active", active !== null && node.id === `funn-${active.key}`);
  follow();
}

function follow() {
  mirror.style.width = `${draft.clientWidth + 2}px`; // without the scroll bar, with the borders
  mirror.scrollTop = draft.scrollTop;
}

function activate(finding) {
  if (active === finding) return;
  active = finding;
  paint();
}

function caret() {
  if (document.activeElement !== draft) return;
  const at = draft.selectionStart;
  const here = findings.filter((f) => f.start !== null && f.start <= at && at <= f.end);
  activate(here.sort((a, b) => a.end - a.start - (b.end - b.start))[0] ?? null);
}

draft.addEventListener("scroll", follow, { passive: true });
new ResizeObserver(follow).observe(draft);
document.addEventListener("selectionchange", caret);
draft.addEventListener("compositionstart", () => (composing = true));
draft.addEventListener("compositionend", () => {
  composing = false;
  schedule();
});
draft.addEventListener("input", () => {
  move(draft.value);
  preview = null;
  paint();
  if (!composing) schedule();
});
$("next-gap").addEventListener("click", () => {
  const all = [...draft.value.matchAll(/⟨[^⟩\n]*⟩/g)];
  const next = all.find((g) => g.index >= draft.selectionEnd) ?? all[0];
  if (!next) return;
  draft.focus({ preventScroll: true });
  draft.setSelectionRange(next.index, next.index + next[0].length);
  keepInView(next.index);
});

for (const id of [...FACTS, "stage", "mode", "called_first", "detail_short"]) {
  $(id).addEventListener("input", () => {
    countFacts();
    schedule();
  });
}
function countFacts() {
  const n = FACTS.filter((id) => $(id).value.trim()).length;
  $("facts-count").textContent = n ? `(${n} fylt ut)` : "";
}

// ---------------------------------------------------------------- dialogs

for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
for (const dialog of document.querySelectorAll("dialog:not(#token-dialog)")) {
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog) return;
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) dialog.close();
  });
}

const pages = new Map();
async function explain(code, name) {
  try {
    if (!pages.has(code)) pages.set(code, await ask(`/v1/rules/${encodeURIComponent(code)}`));
  } catch (error) {
    note(error.message, { bad: true });
    return;
  }
  const rule = pages.get(code);
  $("rule-title").textContent = `${name} (${code})`;
  $("rule-page").replaceChildren(...page(rule.page));
  $("rule-dialog").showModal();
  $("rule-dialog").scrollTop = 0;
}

/** Headings, quotes, lists and paragraphs of a rule's page. */
function page(markdown) {
  const out = [];
  const clean = (text) => text.replace(/`([^`]*)`/g, "$1").replace(/\*\*([^*]*)\*\*/g, "$1").trim();
  for (const block of markdown.split(/\n\s*\n/)) {
    const rows = block.split("\n").filter((row) => row.trim());
    if (!rows.length || /^# /.test(rows[0])) continue;
    if (/^#{2,} /.test(rows[0])) {
      out.push(el("h3", {}, clean(rows.shift().replace(/^#+ /, ""))));
      if (!rows.length) continue;
    }
    if (rows[0].startsWith(">")) {
      const paragraphs = rows.map((r) => r.replace(/^>\s?/, "")).join("\n").split(/\n\s*\n/);
      out.push(el("blockquote", {}, ...paragraphs.map((words) => el("p", {}, clean(words.replace(/\n/g, " "))))));
    } else if (/^[-*] /.test(rows[0])) {
      const items = [];
      for (const row of rows) {
        if (/^[-*] /.test(row)) items.push(row.slice(2));
        else items[items.length - 1] += ` ${row.trim()}`;
      }
      out.push(el("ul", {}, ...items.map((item) => el("li", {}, clean(item)))));
    } else out.push(el("p", {}, clean(rows.join(" "))));
  }
  return out;
}

let letter = null;
$("suggest").addEventListener("click", async () => {
  const button = $("suggest");
  button.disabled = true;
  note("Lager et forslag …", { keep: true });
  try {
    const body = request();
    const answer = await post("/v1/suggest", body);
    const unit = converter(answer.revised);
    letter = { text: answer.revised, gaps: answer.gaps.map((g) => ({ ...g, start: unit(g.start), end: unit(g.end) })).sort((a, b) => a.start - b.start), answers: new Map() };
    showLetter(answer);
    note("");
  } catch (error) {
    note(error.message, { bad: true });
  } finally {
    button.disabled = false;
  }
});

function showLetter(answer) {
  const [before, after] = [answer.score_before, answer.score_after];
  $("letter-score").textContent = before && after
    ? `Utkastet fikk ${before.total} poeng. Forslaget får ${after.total}${letter.gaps.length ? " når feltene er fylt ut" : ""}.` : after ? `Forslaget får ${after.total} poeng.` : "";
  $("letter-warnings").hidden = !answer.warnings?.length;
  $("letter-warnings").replaceChildren(...(answer.warnings ?? []).map((w) => el("li", {}, w)));
  const asked = new Map(letter.gaps.map((g) => [g.id, g.question]));
  $("letter-questions-box").hidden = asked.size === 0;
  $("letter-questions").replaceChildren(...[...asked].map(([id, question]) =>
    el("label", {}, question, el("input", { autocomplete: "off", maxlength: 500, "data-gap": id, oninput: (event) => {
      letter.answers.set(id, event.target.value.trim());
      drawLetter();
    } }))));
  drawLetter();
  $("letter-dialog").showModal();
  $("letter-dialog").scrollTop = 0;
}

function filled() {
  const pieces = [];
  let at = 0;
  for (const gap of letter.gaps) {
    if (gap.start < at) continue;
    const answer = letter.answers.get(gap.id);
    pieces.push([letter.text.slice(at, gap.start), false], [answer || letter.text.slice(gap.start, gap.end), true]);
    at = gap.end;
  }
  pieces.push([letter.text.slice(at), false]);
  return pieces.filter(([text]) => text);
}

function drawLetter() {
  $("letter-text").replaceChildren(...filled().map(([text, gap]) => (gap ? el("mark", {}, text) : text)));
}

$("letter-use").addEventListener("click", () => {
  const text = filled().map(([piece]) => piece).join("");
  $("letter-dialog").close();
  replace(0, draft.value.length, text);
  draft.setSelectionRange(0, 0);
  draft.scrollTop = 0;
  note("Brevet er satt inn. Ctrl+Z henter det gamle tilbake.");
});

// ---------------------------------------------------------------- files in, letters out

$("upload").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => {
  const [file] = $("file").files;
  $("file").value = "";
  if (file) read(file);
});
async function read(file) {
  if (file.size > 10_000_000) {
    note("Filen er større enn 10 MB.", { bad: true });
    return;
  }
  const form = new FormData();
  form.append("file", file, file.name);
  try {
    const answer = await ask("/v1/upload", { method: "POST", body: form });
    replace(0, draft.value.length, answer.text.replace(/\r\n?/g, "\n"));
    draft.setSelectionRange(0, 0);
    draft.scrollTop = 0;
    note([`Leste ${file.name}.`, ...answer.notices].join(" "));
  } catch (error) {
    note(error.message, { bad: true });
  }
}
const hasFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
$("editor").addEventListener("dragover", (event) => {
  if (!hasFile(event)) return;
  event.preventDefault();
  $("editor").classList.add("drop");
});
$("editor").addEventListener("dragleave", () => $("editor").classList.remove("drop"));
$("editor").addEventListener("drop", (event) => {
  $("editor").classList.remove("drop");
  if (!hasFile(event)) return;
  event.preventDefault();
  if (event.dataTransfer.files[0]) read(event.dataTransfer.files[0]);
});

function asHtml(text) {
  const escape = (s) => s.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  const style = "margin:0 0 11pt 0;font-family:Calibri,Arial,sans-serif;font-size:11pt";
  return text.trim().split(/\n{2,}/).map((block) => `<p style="${style}">${escape(block).replace(/\n/g, "<br>")}</p>`).join("\n");
}

async function copy(kinds, done) {
  if (!draft.value.trim()) {
    note("Det er ingenting å kopiere ennå.");
    return;
  }
  try {
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(Object.entries(kinds).map(([kind, text]) => [kind, new Blob([text], { type: kind })])))]);
  } catch {
    // Older browsers, or a page that is not served from this machine.
    const fill = (event) => {
      event.preventDefault();
      for (const [kind, text] of Object.entries(kinds)) event.clipboardData.setData(kind, text);
    };
    document.addEventListener("copy", fill, { once: true });
    const worked = document.execCommand("copy");
    document.removeEventListener("copy", fill);
    if (!worked) {
      note("Nettleseren lot oss ikke kopiere. Merk teksten og bruk Ctrl+C.", { bad: true });
      return;
    }
  }
  taken = draft.value;
  const open = draft.value.match(/⟨[^⟩\n]*⟩/g)?.length ?? 0;
  note(open ? `${done} Men ${plural(open, "felt", "felt")} står åpne.` : done, { bad: open > 0 });
}
$("copy-text").addEventListener("click", () => copy({ "text/plain": draft.value }, "Kopiert som tekst."));
$("copy-html").addEventListener("click", () => copy({ "text/html": asHtml(draft.value), "text/plain": draft.value }, "Kopiert. Lim inn i Outlook."));

$("example").addEventListener("click", () => {
  $("stage").value = EXAMPLE.stage;
  for (const [id, value] of Object.entries(EXAMPLE.facts)) $(id).value = value;
  countFacts();
  replace(0, draft.value.length, EXAMPLE.text);
  draft.setSelectionRange(0, 0);
});

// Nothing is stored, so a letter that has not been copied is gone with the page.
addEventListener("beforeunload", (event) => {
  if (draft.value.trim() && draft.value !== taken && draft.value !== EXAMPLE.text) event.preventDefault();
});

// A browser may bring back what stood here before a reload.
countFacts();
paint();
if (draft.value.trim()) schedule(0);
