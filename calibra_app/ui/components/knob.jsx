/* A figure that one types or slides; the address that carries the figures of a page. */
import React, { useEffect, useRef, useState } from "react";

const Icon = ({ name }) => <svg className="icon" aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>;
const numberOf = (text) => { const plain = String(text).replace(/[\s'\u2019]/g, "").replace("\u2212", "-").replace(",", "."); return plain === "" || Number.isNaN(Number(plain)) ? null : Number(plain); };
/* How long an answer may be on its way before the next figure is sent all the same. */
const LOST = 1500;
/* After each answer the hand has this long to move on, so that one page does not flood the server. */
const REST = 45;

const GRID = { gridTemplateColumns: "minmax(0, 1fr) 124px", columnGap: "10px", alignItems: "center" };
const ROW = { gridColumn: "1 / -1" };
const SLIDER = { width: "100%", accentColor: "var(--brand-text)" };

export function Knob({ name, label, unit = "", text = "", fresh = 0, low = 0, high = 1, step = 0.01, decimals = 2, fault = "", hint = "", optional = "", answered = 0, words = {}, onFigure }) {
  const [typed, setTyped] = useState(text);
  const next = useRef(null);
  const waiting = useRef(false);
  const timer = useRef(null);
  const tell = useRef(onFigure);
  tell.current = onFigure;
  const flush = () => {
    if (next.current === null || waiting.current) return;
    const [value, slid] = next.current;
    next.current = null;
    waiting.current = true;
    timer.current = setTimeout(() => { waiting.current = false; flush(); }, LOST);
    tell.current?.(name, value, slid);
  };
  /* What stands here is the reader's, until the page begins with other figures. */
  useEffect(() => { if (next.current === null) setTyped(text); }, [fresh]);
  useEffect(() => {
    if (!waiting.current) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => { waiting.current = false; flush(); }, REST);
  }, [answered]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const take = (value, slid) => { setTyped(value); next.current = [value, slid]; flush(); };
  const shown = numberOf(typed);
  const at = shown === null ? (numberOf(text) ?? (low + high) / 2) : shown;
  const move = (steps) => take((Math.round((at + steps * step) / step) * step).toFixed(decimals).replace("-", "\u2212"), true);
  const arrows = (event, plain) => {
    const way = { ArrowUp: 1, ArrowDown: -1, ...(plain ? { ArrowRight: 1, ArrowLeft: -1 } : {}) }[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(way * (event.shiftKey ? 10 : 1));
  };
  const described = [hint && `${name}-hint`, fault && `${name}-fault`].filter(Boolean).join(" ") || undefined;
  return (
    <div className="field" style={GRID}>
      <label htmlFor={name} style={ROW}>{label}{optional && <span className="optional">{optional}</span>}</label>
      <input type="range" min={low} max={high} step={step} value={Math.min(Math.max(at, low), high)} style={SLIDER}
        aria-label={`${typeof label === "string" ? label : name}, ${words.slider}`} aria-valuetext={shown === null ? words.empty : `${typed} ${unit}`.trim()}
        data-empty={shown === null || undefined}
        onChange={(event) => take(Number(event.target.value).toFixed(decimals).replace("-", "\u2212"), true)}
        onKeyDown={(event) => arrows(event, true)} />
      <div className="with-unit" style={{ "--unit-room": unit ? `${8 * unit.length + 18}px` : "10px" }}>
        <input id={name} name={name} type="text" inputMode="decimal" autoComplete="off" spellCheck={false} maxLength={40} className="control control-small control-number" value={typed}
          aria-invalid={fault ? true : undefined} aria-describedby={described}
          onChange={(event) => take(event.target.value, false)} onKeyDown={(event) => arrows(event, false)} />
        {unit && <span className="unit">{unit}</span>}
      </div>
      {hint && <span className="hint" style={ROW} id={`${name}-hint`}>{hint}</span>}
      {fault && <span className="fault" style={ROW} id={`${name}-fault`} role="alert"><Icon name="circle-alert" />{fault}</span>}
    </div>
  );
}

/* The address follows the figures without a new entry in the history; copying takes it whole. */
export function Permalink({ query = "", words = {} }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (query) window.history.replaceState(window.history.state, "", `${window.location.pathname}?${query}`);
  }, [query]);
  useEffect(() => { if (!copied) return undefined; const timer = setTimeout(() => setCopied(false), 2500); return () => clearTimeout(timer); }, [copied]);
  const byHand = () => {
    const field = document.createElement("textarea");
    field.value = window.location.href;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  const copy = async () => {
    try { await navigator.clipboard.writeText(window.location.href); setCopied(true); } catch { setCopied(byHand()); }
  };
  return (
    <button type="button" className="button" onClick={copy}>
      <Icon name={copied ? "check" : "link"} /><span role="status">{copied ? words.copied : words.copy}</span>
    </button>
  );
}
