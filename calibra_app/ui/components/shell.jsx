/* What the frame of every page does in the browser: the palette, the live dot, keys and menus. */
import React, { useContext, useEffect, useMemo, useRef, useState } from "react";
import { EventLoopContext } from "$/utils/context";

const Icon = ({ name, also = "" }) => (
  <svg className={`icon ${also}`} aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>
);
const OPEN = "calibra:palette";
const typing = (element) => element?.closest?.("input, textarea, select, [contenteditable=true], dialog[open]");

export function Palette({ entries = [], found = [], words = {}, permissions = [], onQuery, onRun }) {
  const box = useRef(null);
  const waiting = useRef(null);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const scanned = useRef("");
  const open = (text = "") => {
    scanned.current = text; setQuery(text); setAt(0);
    if (box.current && !box.current.open) box.current.showModal();
  };
  useEffect(() => {
    const byKey = (event) => { if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); } };
    const byEvent = (event) => open(event.detail || "");
    window.addEventListener("keydown", byKey);
    window.addEventListener(OPEN, byEvent);
    return () => { window.removeEventListener("keydown", byKey); window.removeEventListener(OPEN, byEvent); };
  }, []);
  useEffect(() => {
    clearTimeout(waiting.current);
    if (query.trim().length > 1 && onQuery) waiting.current = setTimeout(() => onQuery(query.trim()), 90);
    return () => clearTimeout(waiting.current);
  }, [query]);
  const hits = useMemo(() => {
    const parts = query.toLowerCase().replace(/^>/, "").split(/\s+/).filter(Boolean);
    const own = entries.filter((entry) => (!entry.permission || permissions.includes(entry.permission))
      && parts.every((part) => `${entry.label} ${entry.hint ?? ""}`.toLowerCase().includes(part)));
    const records = query.trim().length > 1 && !query.startsWith(">") ? found.filter((one) => one.query === query.trim() || `${one.label} ${one.hint}`.toLowerCase().includes(query.trim().toLowerCase())) : [];
    return [...records, ...own].slice(0, 14);
  }, [query, entries, found, permissions]);
  const run = (entry) => {
    if (!entry) return;
    box.current.close();
    if (entry.href) window.location.assign(entry.href); else onRun?.(entry.id);
  };
  /* A scanned label that leads to one record opens it; a person who types presses Enter. */
  useEffect(() => {
    const text = scanned.current;
    const ours = text ? found.filter((one) => one.query === text.trim()) : [];
    if (!ours.length) return;
    scanned.current = "";
    const exact = ours.filter((one) => one.label.toLowerCase() === text.trim().toLowerCase());
    if (exact.length === 1 || ours.length === 1) run(exact[0] ?? ours[0]);
  }, [found]);
  const step = (way) => setAt((at + way + hits.length) % Math.max(hits.length, 1));
  let group = "";
  return (
    <dialog ref={box} className="palette" aria-label={words.title} onClick={(event) => event.target === box.current && box.current.close()}>
      <input className="palette-input" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" aria-label={words.title}
        aria-activedescendant={hits[at] ? `palette-${at}` : undefined} placeholder={words.placeholder} value={query} autoComplete="off" spellCheck={false}
        onChange={(event) => { setQuery(event.target.value); setAt(0); }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") { event.preventDefault(); step(1); }
          else if (event.key === "ArrowUp") { event.preventDefault(); step(-1); }
          else if (event.key === "Enter") { event.preventDefault(); run(hits[at]); }
        }} />
      <div className="palette-list" id="palette-list" role="listbox" aria-label={words.results}>
        {hits.map((entry, place) => {
          const head = entry.group !== group && <div className="palette-group" role="presentation">{(group = entry.group)}</div>;
          return (
            <React.Fragment key={`${entry.group}${entry.id}`}>{head || null}
              <div id={`palette-${place}`} role="option" aria-selected={place === at} className="palette-entry" onMouseMove={() => setAt(place)} onClick={() => run(entry)}>
                <Icon name={entry.icon} /><b>{entry.label}</b><span className="cut">{entry.hint}</span>
                {entry.keys && <span className="keys">{entry.keys.map((key) => <kbd className="key" key={key}>{key}</kbd>)}</span>}
              </div>
            </React.Fragment>
          );
        })}
      </div>
      {!hits.length && <p className="palette-none" role="status">{words.none}</p>}
      <div className="palette-foot" aria-hidden="true"><span>↑↓ {words.choose}</span><span>↵ {words.open}</span><span>Esc {words.close}</span></div>
    </dialog>
  );
}

/* The dot says whether what is shown is still kept fresh: live, reconnecting, or offline since when. */
export function Live({ words = {} }) {
  const [, errors] = useContext(EventLoopContext);
  const [online, setOnline] = useState(true);
  const [since, setSince] = useState("");
  useEffect(() => {
    const look = () => {
      setOnline(navigator.onLine);
      if (!navigator.onLine) setSince(new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
    };
    look();
    window.addEventListener("online", look);
    window.addEventListener("offline", look);
    return () => { window.removeEventListener("online", look); window.removeEventListener("offline", look); };
  }, []);
  const lost = (errors?.length ?? 0) > 0;
  const state = !online ? "offline" : lost ? "waiting" : "live";
  return (
    <span className={`live live-${state}`} role="status" title={words[state]}>
      <i /><span className="nav-words">{words[state]}{state === "offline" ? ` ${since}` : ""}</span>
    </span>
  );
}

/* Keys of every page: G and a letter goes somewhere, / finds the search, N the primary action.
   A scanner types fast and ends with Enter; what it types outside a field opens the palette. */
export function Habits({ places = {}, words = {} }) {
  const help = useRef(null);
  useEffect(() => {
    let leader = -Infinity;
    let scanned = "";
    let last = 0;
    let waiting = 0;
    /* The first letter of a code must not press a button: nobody types a second key so soon. */
    const soon = (deed) => { waiting = setTimeout(deed, 40); };
    const keyDown = (event) => {
      if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary")?.focus(); });
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      const now = performance.now();
      clearTimeout(waiting);
      if (event.key.length === 1) { scanned = now - last < 35 ? scanned + event.key : event.key; last = now; }
      else if (event.key === "Enter" && scanned.length > 5 && now - last < 60) {
        event.preventDefault();
        window.dispatchEvent(new CustomEvent(OPEN, { detail: scanned }));
        scanned = "";
        return;
      }
      if (scanned.length > 1 || localStorage.getItem("calibra:keys") === "off") return;
      const key = event.key.toLowerCase();
      const place = now - leader < 900 && places[key];
      leader = key === "g" ? now : -Infinity;
      if (place) { soon(() => window.location.assign(place)); return; }
      if (key === "g") return;
      const target = document.querySelector("dialog[open]") || key.length > 1 || key === "?" ? null : document.querySelector(`[data-key="${CSS.escape(key)}"]:not([disabled])`);
      if (target) { event.preventDefault(); soon(() => (key === "/" ? target.focus() : target.click())); }
      else if (event.key === "?") soon(() => help.current?.showModal());
    };
    const pointerDown = (event) => document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const chosen = (event) => {
      if (event.target.closest(".menu-list .entry:not([data-stay])")) event.target.closest("details.menu")?.removeAttribute("open");
      const opens = event.target.closest("[data-opens]")?.dataset.opens;
      if (opens === "palette") window.dispatchEvent(new CustomEvent(OPEN));
      else if (opens === "keys") help.current?.showModal();
    };
    window.addEventListener("keydown", keyDown);
    window.addEventListener("pointerdown", pointerDown);
    window.addEventListener("click", chosen);
    return () => { window.removeEventListener("keydown", keyDown); window.removeEventListener("pointerdown", pointerDown); window.removeEventListener("click", chosen); };
  }, [places]);
  return (
    <dialog ref={help} aria-label={words.keys} onClick={(event) => event.target === help.current && help.current.close()}>
      <div className="dialog-body">
        <header><h2>{words.keys}</h2></header>
        <dl className="facts">
          {(words.keyList || []).map(([keys, deed]) => (
            <React.Fragment key={keys}><dt>{deed}</dt><dd><span className="keys">{keys.split(" ").map((key) => <kbd className="key" key={key}>{key}</kbd>)}</span></dd></React.Fragment>
          ))}
        </dl>
      </div>
    </dialog>
  );
}

/* Rows for a desk, or large ones for gloves at the bench; kept on this device. */
export function Density({ words = {} }) {
  const [bench, setBench] = useState(false);
  useEffect(() => setBench(document.documentElement.dataset.density === "bench"), []);
  const turn = () => {
    const next = bench ? "desk" : "bench";
    document.documentElement.dataset.density = next;
    localStorage.setItem("calibra:density", next);
    setBench(!bench);
  };
  return <button type="button" className="entry" data-stay onClick={turn} aria-pressed={bench}><Icon name="maximize" /><span>{words.bench}<small>{words.hint}</small></span>{bench && <Icon name="check" also="push" />}</button>;
}
