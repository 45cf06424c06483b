/* One cell with its questions, and the preview of a pasted block. What is asked stands beside the
   cell; nothing is stored before it is answered. */
import React, { memo, useEffect, useLayoutEffect, useRef, useState } from "react";

export const Icon = ({ name, also = "" }) => (
  <svg className={`icon ${also}`} aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>
);
export const fill = (text, values) => (text || "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
export const keyOf = (row, column) => `${row}:${column}`;
const hue = (name) => [...new TextEncoder().encode(name || "")].reduce((sum, byte) => sum + byte, 0) % 6 + 1;
export const plain = (text) => String(text ?? "").replace(/[\s\u202f\u00a0'’]/g, "").replace("\u2212", "-").replace(",", ".");
export const numberOf = (text) => { const clean = plain(text); return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(clean) ? Number(clean) : null; };

/* A slipped decimal point or sign, judged by the other indications of the point, else by its nominal value. */
function slipOf(text, others, nominal) {
  const value = numberOf(text);
  if (!value) return null;
  const known = others.map(numberOf).filter((one) => one !== null).sort((a, b) => a - b);
  const typical = known.length ? known[known.length >> 1] : numberOf(nominal);
  if (!typical) return null;
  const ratio = value / typical;
  const shift = (steps) => {
    const digits = (plain(text).split(".")[1] || "").length;
    return (value * 10 ** steps).toFixed(Math.max(digits - steps, 0));
  };
  if (ratio > 8 && ratio < 12.5) return { kind: "tenfold", better: shift(-1) };
  if (ratio > 0.08 && ratio < 0.125) return { kind: "tenth", better: shift(1) };
  if (ratio > -1.25 && ratio < -0.8) return { kind: "sign", better: plain(text).startsWith("-") ? plain(text).slice(1) : `-${plain(text).replace("+", "")}` };
  return null;
}

function Ask({ said, children, symbol = "triangle-alert", tone = "amber", note, left, up, own, onAway }) {
  const box = useRef(null);
  /* News from elsewhere must not take the focus from a cell in which somebody types on. */
  useEffect(() => {
    const typing = document.activeElement?.dataset?.cell;
    if (own && (!typing || typing === own)) box.current.querySelector("button")?.focus();
  }, []);
  return (
    <div ref={box} className={"cell-ask" + (left ? " cell-ask-left" : "") + (up ? " cell-ask-up" : "")} role="alertdialog" aria-label={said} onKeyDown={(event) => { event.stopPropagation(); if (event.key === "Escape") { event.preventDefault(); onAway?.(); } }}>
      <div className="said"><Icon name={symbol} also={`ink-${tone}`} /><div><b>{said}</b>{note && <div className="tiny second">{note}</div>}</div></div>
      {children}
    </div>
  );
}

function ReasonForm({ words, reasons, submit, onGive, onCancel }) {
  const [reason, setReason] = useState(reasons[0] || "");
  const [own, setOwn] = useState(!reasons.length);
  /* A field of text gives its form at Enter by itself; a list of choices would not. */
  const give = (event) => { if (event.key === "Enter") { event.preventDefault(); event.currentTarget.form.requestSubmit(); } };
  return (
    <form className="stack gap-8" onSubmit={(event) => { event.preventDefault(); event.stopPropagation(); if (reason.trim()) onGive(reason.trim()); }}>
      {reasons.length > 0 && (
        <select autoFocus className="control control-small" aria-label={words.reason} onKeyDown={give} value={own ? "…" : reason} onChange={(event) => { const other = event.target.value === "…"; setOwn(other); setReason(other ? "" : event.target.value); }}>
          {reasons.map((one) => <option key={one} value={one}>{one}</option>)}
          <option value="…">{words.otherReason}</option>
        </select>
      )}
      {own && <input autoFocus className="control control-small" aria-label={words.reason} placeholder={words.reason} value={reason} onChange={(event) => setReason(event.target.value)} />}
      <div className="answers">
        <button type="submit" className="button button-small button-primary" disabled={!reason.trim()}>{submit}</button>
        <button type="button" className="button button-small" onClick={onCancel}>{words.cancel}</button>
      </div>
    </form>
  );
}

export const Cell = memo(function Cell({ row, column, cell, name, draft, from, pending, late, who, clash, asked, hot, picked, locked, words, reasons, edge, low, others, act }) {
  const [ask, setAsk] = useState(null);
  const input = useRef(null);
  const stored = cell?.value ?? "";
  const shown = draft ?? pending?.text ?? stored;
  const sure = useRef(false);
  /* Somebody's value arrives in the cell in which one stands: what is typed next replaces it, as it would have before. */
  useLayoutEffect(() => { if (draft === undefined && document.activeElement === input.current) input.current.select(); }, [stored]);
  useEffect(() => { if (asked) setAsk({ ...asked, kind: asked.refused ? "refused" : "odd" }); }, [asked]);
  const settle = (text, extra = {}) => { setAsk(null); act.commit(row.id, column.id, text, extra); };
  /* Says whether the typed text may be stored as it is; otherwise asks beside the cell. */
  const weigh = (text, reason = "") => {
    if (text === stored && !pending) { act.drop(row.id, column.id); setAsk(null); return true; }
    if (!column.words && text !== "" && numberOf(text) === null) { setAsk({ kind: "bad", text }); return false; }
    /* Somebody saved this cell while it was typed: the server says so, and the clash is asked beside it. */
    if (from !== undefined && (cell?.version ?? 0) > from) { settle(text, { reason }); return true; }
    const slip = !reason && column.guard !== false && !column.words ? slipOf(text, others(), row.nominal) : null;
    if (slip) { setAsk({ ...slip, text }); return false; }
    if (stored !== "" && text !== stored && reasons && !reason) { setAsk({ kind: "correct", text }); return false; }
    settle(text, { reason });
    return true;
  };
  const leave = () => {
    if (sure.current) { sure.current = false; return; }
    if (draft !== undefined && !ask) weigh(draft);
  };
  const keyDown = (event) => {
    const { key } = event;
    const caret = input.current;
    const go = (down, across) => { event.preventDefault(); if (draft === undefined || weigh(draft)) { sure.current = draft !== undefined; act.go(row.id, column.id, down, across); } };
    if (key === "Enter") go(event.shiftKey ? -act.step[0] : act.step[0], event.shiftKey ? -act.step[1] : act.step[1]);
    else if (key === "ArrowDown") go(1, 0);
    else if (key === "ArrowUp") go(-1, 0);
    else if (key === "ArrowLeft" && (draft === undefined || caret.selectionEnd === 0)) go(0, -1);
    else if (key === "ArrowRight" && (draft === undefined || caret.selectionStart === caret.value.length)) go(0, 1);
    else if (key === "Escape") { event.preventDefault(); setAsk(null); act.drop(row.id, column.id); }
    else if (key === "F2") { event.preventDefault(); caret.setSelectionRange(caret.value.length, caret.value.length); act.draft(row.id, column.id, shown); }
    else if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z" && draft === undefined) { event.preventDefault(); act.undo(); }
  };
  const back = () => { setAsk(null); input.current?.focus(); };
  const away = () => { act.drop(row.id, column.id); back(); };
  const look = ["cell", column.words && "cell-words", cell?.returned && "cell-returned", clash && "cell-clash", ask && "cell-bad", late && "cell-late", hot && "cell-new", picked && "cell-picked"].filter(Boolean).join(" ");
  const marks = [cell?.mark === "corrected" && words.corrected, cell?.mark === "comment" && words.commented, cell?.returned && words.returned, cell?.from_instrument && words.fromInstrument, late && words.late, who && fill(words.present, who)].filter(Boolean);
  return (
    <td role="gridcell" className={look} onPaste={(event) => act.paste(event, row.id, column.id)}>
      <input ref={input} id={`cell-${row.id}-${column.id}`} data-cell={keyOf(row.id, column.id)} value={shown} inputMode={column.words ? "text" : "decimal"} autoComplete="off" spellCheck={false}
        aria-label={[name, ...marks].join(", ")} aria-invalid={!!ask || undefined} readOnly={!!locked} title={typeof locked === "string" ? locked : undefined}
        onFocus={(event) => { event.target.select(); act.focus(row.id, column.id); }}
        onChange={(event) => { setAsk(null); const text = event.target.value; act.draft(row.id, column.id, text, !(column.guard !== false && !column.words && slipOf(text, others(), row.nominal))); }}
        onBlur={leave} onKeyDown={keyDown} />
      {cell?.mark && <span className="cell-mark" style={{ "--mark": `var(--${cell.mark === "corrected" ? "orange" : "blue"}-mark)` }} />}
      {late ? <Icon name="clock" also="cell-sign cell-sign-late" /> : cell?.from_instrument ? <Icon name="plug" also="cell-sign" /> : null}
      {who && <span className="cell-presence" style={{ "--who": `var(--person-${hue(who.name)})` }}><span>{who.name}</span></span>}
      {ask?.kind === "bad" && (
        <Ask said={fill(words.notNumber, ask)} note={words.notSaved} tone="red" symbol="circle-alert" left={edge} up={low} onAway={back}>
          <div className="answers"><button type="button" autoFocus className="button button-small button-primary" onClick={back}>{words.change}</button><button type="button" className="button button-small" onClick={() => { setAsk(null); act.drop(row.id, column.id); }}>{words.restore}</button></div>
        </Ask>
      )}
      {ask?.kind === "refused" && (
        <Ask said={ask.said} note={words.notSaved} tone="red" symbol="circle-alert" left={edge} up={low} own={keyOf(row.id, column.id)} onAway={back}>
          <div className="answers"><button type="button" className="button button-small button-primary" onClick={back}>{words.change}</button><button type="button" className="button button-small" onClick={() => { setAsk(null); act.drop(row.id, column.id); }}>{words.restore}</button></div>
        </Ask>
      )}
      {ask?.kind === "odd" && !ask.keep && (
        <Ask said={ask.said} note={words.notSaved} left={edge} up={low} own={keyOf(row.id, column.id)} onAway={back}>
          <div className="answers">
            {ask.meant
              ? <button type="button" className="button button-small button-primary" onClick={() => { act.draft(row.id, column.id, ask.meant); if (weigh(ask.meant)) act.go(row.id, column.id, ...act.step); }}>{fill(words.use, { value: ask.meant })}</button>
              : <button type="button" className="button button-small button-primary" onClick={back}>{words.change}</button>}
            <button type="button" className="button button-small" onClick={() => setAsk({ ...ask, keep: true })}>{fill(words.keepTyped, { value: ask.text })}</button>
          </div>
        </Ask>
      )}
      {ask?.better !== undefined && !ask.keep && (
        <Ask said={fill(words[ask.kind], { value: `${ask.text}${row.unit ? `\u202f${row.unit}` : ""}` })} note={words.notSaved} left={edge} up={low} onAway={back}>
          <div className="answers">
            <button type="button" autoFocus className="button button-small button-primary" onClick={() => { act.draft(row.id, column.id, ask.better); if (weigh(ask.better)) act.go(row.id, column.id, ...act.step); }}>{fill(words.use, { value: ask.better })}</button>
            <button type="button" className="button button-small" onClick={() => setAsk({ ...ask, keep: true })}>{fill(words.keepTyped, { value: ask.text })}</button>
          </div>
        </Ask>
      )}
      {(ask?.keep || ask?.kind === "correct") && (
        <Ask said={ask.keep ? fill(words.keepTyped, { value: ask.text }) : fill(words.correct, { old: stored, value: ask.text || "–" })} symbol="pencil-line" note={words.reasonKept} left={edge} up={low} onAway={away}>
          <ReasonForm words={words} reasons={reasons || []} submit={words.save} onCancel={away} onGive={(reason) => { settle(ask.text, { reason }); act.go(row.id, column.id, ...act.step); }} />
        </Ask>
      )}
      {clash && !ask && (
        <Ask said={fill(words.clash, clash)} note={fill(words.clashMine, clash)} tone="orange" symbol="git-compare" left={edge} up={low} own={keyOf(row.id, column.id)} onAway={() => act.reconsider(row.id, column.id)}>
          {clash.replacing
            ? <ReasonForm words={words} reasons={reasons || []} submit={words.replace} onCancel={() => act.reconsider(row.id, column.id)} onGive={(reason) => { act.resolve(row.id, column.id); act.commit(row.id, column.id, clash.mine, { reason, base: clash.version }); }} />
            : <div className="answers">
              <button type="button" className="button button-small button-primary" onClick={() => act.resolve(row.id, column.id)}>{fill(words.keepTheirs, clash)}</button>
              <button type="button" className="button button-small" onClick={() => act.replace(row.id, column.id)}>{words.replaceWithReason}</button>
            </div>}
        </Ask>
      )}
    </td>
  );
});

export function Paste({ block, words, reasons, onAccept, onCancel }) {
  const [reason, setReason] = useState("");
  const good = block.cells.filter((one) => !one.bad);
  const needs = reasons && good.some((one) => one.old !== "" && one.old !== one.text);
  const rows = [...new Set(block.cells.map((one) => one.row))];
  return (
    <div className="paste" role="dialog" aria-label={words.pasteTitle}>
      <div className="row"><Icon name="clipboard-paste" /><b>{fill(words.pasteCount, { count: good.length })}</b>{block.comma && <span className="tiny faint">{words.comma}</span>}{good.length < block.cells.length && <span className="tiny ink-red">{fill(words.pasteBad, { count: block.cells.length - good.length })}</span>}</div>
      <div className="table-frame"><table><tbody>{rows.map((row) => (
        <tr key={row}>{block.cells.filter((one) => one.row === row).map((one) => <td key={one.column} className={one.bad ? "bad" : ""}>{one.old && one.old !== one.text && <del>{one.old}</del>}{one.text}</td>)}</tr>
      ))}</tbody></table></div>
      {needs && <input autoFocus className="control control-small" aria-label={words.reason} placeholder={words.reason} list="paste-reasons" value={reason} onChange={(event) => setReason(event.target.value)} />}
      {needs && <datalist id="paste-reasons">{reasons.map((one) => <option key={one} value={one} />)}</datalist>}
      <div className="row"><button type="button" autoFocus={!needs} className="button button-small button-primary" disabled={!good.length || (needs && !reason.trim())} onClick={() => onAccept(good, reason.trim())}>{fill(words.pasteAccept, { count: good.length })}</button>
        <button type="button" className="button button-small" onClick={onCancel}>{words.cancel}</button></div>
    </div>
  );
}
