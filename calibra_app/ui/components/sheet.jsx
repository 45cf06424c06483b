/* The cell grid: native inputs in a table with role=grid. Each cell has a version of its own; what is
   typed stays on this device until the server has stored it. */
import React, { useEffect, useMemo, useReducer, useRef, useState } from "react";
import { Cell, Icon, Paste, fill, keyOf, numberOf, plain } from "./cell.jsx";

/* One empty object for all renderings: a new one each time would set off the effects that watch it. */
const NONE = {};
const LATE = 900;
const AGAIN = 3500;

/* Newest version wins, whatever overtook what. */
function merge(known, act) {
  const cells = { ...known.cells };
  const results = { ...known.results };
  if (act.load) {
    for (const [key, cell] of Object.entries(act.load.cells || {})) if (!cells[key] || act.fresh || cell.version >= cells[key].version) cells[key] = cell;
    for (const [row, result] of Object.entries(act.load.results || {})) if (!results[row] || (result.version ?? 0) >= (results[row].version ?? 0)) results[row] = result;
    return { cells, results, hot: known.hot };
  }
  const hot = {};
  /* One transaction tells all its news in one patch, so that a pasted block fits into the window. */
  for (const news of act.patch.flatMap((one) => one.news || [one])) {
    if (news.column !== undefined) {
      const key = keyOf(news.row, news.column);
      if (!cells[key] || news.version > cells[key].version) { cells[key] = { ...cells[key], ...news }; hot[key] = news.version; }
    }
    if (news.result && (news.result.version ?? 0) >= (results[news.row]?.version ?? 0)) results[news.row] = { ...results[news.row], ...news.result };
  }
  return { cells, results, hot };
}

/* What the server has not stored yet, kept on this device so that a reload or a lost line loses nothing. */
const shelf = (store) => `calibra:pending:${store}`;
const kept = (store) => { try { return store ? JSON.parse(localStorage.getItem(shelf(store)) || "{}") : {}; } catch { return {}; } };
const keep = (store, pending) => { try { if (store) Object.keys(pending).length ? localStorage.setItem(shelf(store), JSON.stringify(pending)) : localStorage.removeItem(shelf(store)); } catch { /* a full device still works on line */ } };

export function CellGrid({ label, store = "", columns = [], computed = [], rows = [], cells = NONE, results = NONE, patch, presence = NONE, present, me = "", clashes = NONE, asks = NONE, verdicts = NONE, preview, goal = "", selected, locked = "", reasons, down = false, words = {}, onDraft, onCommit, onPaste, onFocusCell, onResolve, onNews }) {
  const root = useRef(null);
  const [known, dispatch] = useReducer(merge, { cells, results, hot: {} });
  const [drafts, setDrafts] = useState({});
  const [pending, setPending] = useState({});
  const [clash, setClash] = useState({});
  const [block, setBlock] = useState(null);
  const [now, setNow] = useState(0);
  const done = useRef([]);
  const at = useRef({});
  const draftTimer = useRef(null);

  useEffect(() => dispatch({ load: { cells, results } }), [cells, results]);
  const heard = useRef(0);
  useEffect(() => {
    if (!patch?.length) return;
    dispatch({ patch });
    /* The panel beside the grid shows one row; it reads anew when somebody changed that row. */
    const fresh = patch.filter((one) => (one.seq ?? 0) > heard.current);
    heard.current = patch[patch.length - 1].seq ?? heard.current;
    if (fresh.some((one) => (one.news || [one]).some((news) => news.row === live.current.selected))) live.current.onNews?.(live.current.selected);
  }, [patch]);
  useEffect(() => { if (Object.keys(known.hot).length) { const timer = setTimeout(() => dispatch({ patch: [] }), 1000); return () => clearTimeout(timer); } return undefined; }, [known.hot]);
  useEffect(() => setPending(kept(store)), [store]);
  useEffect(() => {
    const news = clashes || {};
    setClash(news);
    setPending((list) => { const next = { ...list }; for (const key of Object.keys(news)) delete next[key]; keep(store, next); return next; });
  }, [clashes]);
  /* The server refuses a value, or asks about it: it stays in its cell, unsaved, with the words beside it. */
  useEffect(() => {
    const news = Object.entries(asks || {});
    if (!news.length) return;
    setDrafts((list) => { const next = { ...list }; for (const [key, one] of news) next[key] ??= { text: one.text, base: live.current.known.cells[key]?.version ?? 0 }; return next; });
    setPending((list) => { const next = { ...list }; for (const [key] of news) delete next[key]; keep(store, next); return next; });
  }, [asks]);
  /* Stored means: the server's version went past the one that was typed over. */
  useEffect(() => setPending((list) => {
    const open = Object.entries(list).filter(([key, one]) => !((known.cells[key]?.version ?? 0) > one.base));
    if (open.length === Object.keys(list).length) return list;
    const next = Object.fromEntries(open);
    keep(store, next);
    return next;
  }), [known.cells]);

  /* Who stands where: from the list of those present, without the reader. */
  const around = useMemo(() => (present ? Object.fromEntries(present.filter((one) => one.where && one.person !== me).map((one) => [one.where, { name: one.name }])) : presence), [present, presence, me]);
  /* Asked to go somewhere (an objection, a returned cell): to the first empty cell of that row. */
  useEffect(() => {
    const row = goal.split("#")[0];
    if (!row) return undefined;
    const timer = setTimeout(() => {
      const inputs = [...(root.current?.querySelectorAll(`[data-row="${CSS.escape(row)}"] td.cell > input`) ?? [])];
      const one = inputs.find((input) => input.closest(".cell-returned")) || inputs.find((input) => !input.value) || inputs[0];
      one?.scrollIntoView({ block: "center" });
      one?.focus();
    }, 60);
    return () => clearTimeout(timer);
  }, [goal, rows]);
  const points = useMemo(() => rows.filter((row) => row.kind !== "group"), [rows]);
  const live = useRef(null);
  live.current = { known, drafts, clash, reasons, pending, points, columns, rows, selected, onNews, onDraft, onCommit, onPaste, onFocusCell, onResolve, store, down };

  /* Not answered: sent again, with the same base version, so that a repetition harms nothing. */
  useEffect(() => {
    if (!Object.keys(pending).length) return undefined;
    const timer = setInterval(() => {
      const moment = Date.now();
      setNow(moment);
      if (!navigator.onLine) return;
      setPending((list) => {
        let changed = false;
        const next = { ...list };
        for (const [key, one] of Object.entries(list)) {
          if (moment - one.sent < AGAIN) continue;
          next[key] = { ...one, sent: moment };
          changed = true;
          live.current.onCommit?.(one.row, one.column, one.text, one.base, one.reason || "");
        }
        return changed ? next : list;
      });
    }, 500);
    return () => clearInterval(timer);
  }, [Object.keys(pending).length > 0]);

  const act = useRef(null);
  if (!act.current) {
    const forget = (key) => setDrafts(({ [key]: _, ...rest }) => rest);
    act.current = {
      step: [0, 1],
      draft(row, column, text, sound = true) {
        const key = keyOf(row, column);
        const base = live.current.known.cells[key]?.version ?? 0;
        setDrafts((list) => ({ ...list, [key]: { text, base: list[key]?.base ?? base } }));
        clearTimeout(draftTimer.current);
        const stored = live.current.known.cells[key]?.value ?? "";
        draftTimer.current = setTimeout(() => live.current.onDraft?.(row, column, sound ? text : stored), 60);
      },
      drop(row, column) {
        const key = keyOf(row, column);
        if (!(key in live.current.drafts)) return;
        clearTimeout(draftTimer.current);
        forget(key);
        live.current.onDraft?.(row, column, live.current.known.cells[key]?.value ?? "");
      },
      commit(row, column, text, { reason = "", base } = {}) {
        const key = keyOf(row, column);
        clearTimeout(draftTimer.current);
        forget(key);
        const cell = live.current.known.cells[key];
        const from = base ?? live.current.drafts[key]?.base ?? cell?.version ?? 0;
        done.current.push({ row, column, text: cell?.value ?? "" });
        setPending((list) => { const next = { ...list, [key]: { row, column, text, base: from, reason, sent: Date.now(), first: Date.now() } }; keep(live.current.store, next); return next; });
        live.current.onCommit?.(row, column, text, from, reason);
      },
      undo() {
        const last = done.current.pop();
        if (!last) return;
        document.getElementById(`cell-${last.row}-${last.column}`)?.focus();
        act.current.draft(last.row, last.column, last.text);
      },
      focus(row, column) {
        if (at.current.row === row && at.current.column === column) return;
        at.current = { row, column };
        live.current.onFocusCell?.(row, column);
      },
      go(row, column, down_, across) {
        const list = live.current.points;
        const ids = live.current.columns.map((one) => one.id);
        const count = (line) => Math.min(list[line]?.repeats ?? ids.length, ids.length);
        let line = list.findIndex((one) => one.id === row) + down_;
        let place = ids.indexOf(column) + across;
        if (across && place >= count(line)) { place = 0; line += 1; }
        if (across && place < 0) { line -= 1; place = count(line) - 1; }
        if (down_ && line >= list.length && place < ids.length - 1) { line = 0; place += 1; }
        if (line < 0 || line >= list.length) return;
        place = Math.min(place, count(line) - 1);
        root.current?.querySelector(`[data-cell="${CSS.escape(keyOf(list[line].id, ids[place]))}"]`)?.focus();
      },
      paste(event, row, column) {
        const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
        if (!/[\t\n]/.test(text)) return;
        event.preventDefault();
        const lines = text.split(/\r?\n/).map((line) => line.split("\t"));
        const first = live.current.points.findIndex((one) => one.id === row);
        const left = live.current.columns.findIndex((one) => one.id === column);
        const list = [];
        lines.forEach((line, y) => line.forEach((raw, x) => {
          const point = live.current.points[first + y];
          const head = live.current.columns[left + x];
          if (!point || !head || raw.trim() === "") return;
          const value = raw.trim();
          const cell = live.current.known.cells[keyOf(point.id, head.id)];
          list.push({ row: point.id, column: head.id, text: value, old: cell?.value ?? "", base: cell?.version ?? 0, bad: (!head.words && numberOf(value) === null) || !!cell?.locked || left + x >= (point.repeats ?? live.current.columns.length) });
        }));
        if (list.length) setBlock({ cells: list, comma: /\d,\d/.test(text) });
      },
      resolve(row, column) { setClash(({ [keyOf(row, column)]: _, ...rest }) => rest); live.current.onResolve?.(row, column); document.getElementById(`cell-${row}-${column}`)?.focus(); },
      /* Back to the question: neither value is given up by not giving a reason. */
      reconsider(row, column) {
        const key = keyOf(row, column);
        setClash((list) => (list[key] ? { ...list, [key]: { ...list[key], replacing: false } } : list));
        document.getElementById(`cell-${row}-${column}`)?.focus();
      },
      replace(row, column) {
        const key = keyOf(row, column);
        const { mine, version } = live.current.clash[key];
        if (!live.current.reasons) { act.current.resolve(row, column); act.current.commit(row, column, mine, { base: version }); return; }
        setClash((list) => ({ ...list, [keyOf(row, column)]: { ...list[keyOf(row, column)], replacing: true } }));
      },
    };
  }
  act.current.step = down ? [1, 0] : [0, 1];

  const accept = (list, reason) => {
    setBlock(null);
    const fresh = list.filter((one) => one.text !== one.old);
    const sent = Date.now();
    setPending((old) => { const next = { ...old }; for (const one of fresh) next[keyOf(one.row, one.column)] = { row: one.row, column: one.column, text: one.text, base: one.base, reason, sent, first: sent }; keep(store, next); return next; });
    if (onPaste) onPaste(fresh.map((one) => ({ row: one.row, column: one.column, text: one.text, version: one.base })), reason);
    else fresh.forEach((one) => onCommit?.(one.row, one.column, one.text, one.base, reason));
  };
  const drafting = (row) => Object.keys(drafts).concat(Object.keys(pending)).some((key) => key.startsWith(`${row}:`));
  const waiting = Object.keys(pending).length;
  const lateOnes = Object.values(pending).filter((one) => now - one.first > LATE).length;
  const width = 2 + columns.length + computed.length;
  return (
    <>
      <div className="sheet-scroll" tabIndex={-1} role="region" aria-label={label}>
        <table className="sheet" role="grid" ref={root} aria-label={label} aria-rowcount={rows.length + 1} aria-readonly={!!locked}>
          <thead><tr role="row"><th scope="col" className="left">#</th><th scope="col" className="left">{words.point}</th>
            {columns.map((column) => <th key={column.id} scope="col" className={column.words ? "left" : ""}>{column.title}</th>)}
            {computed.map((column) => <th key={column.id} scope="col" className={(column.words ? "left" : "") + (column.wide ? " wide-only" : "")}>{column.title}</th>)}</tr></thead>
          <tbody>
            {rows.map((row, place) => {
              if (row.kind === "group") return <tr key={row.id} role="row" className="sheet-group"><td role="gridcell" colSpan={width}>{row.label}{row.sub && <small>{row.sub}</small>}</td></tr>;
              const result = preview?.row === row.id && drafting(row.id) ? { ...known.results[row.id], ...preview.result } : known.results[row.id] || {};
              return (
                <tr key={row.id} role="row" className="sheet-row" aria-selected={selected === row.id} data-flagged={row.flagged || undefined} data-row={row.id}>
                  <td role="gridcell" className="left faint">{row.number}</td>
                  <th role="rowheader" scope="row" hidden>{row.label}</th>
                  <td role="gridcell" className="left"><span className="sheet-point">{row.point}</span>{row.unit && <span className="unit">{"\u202f"}{row.unit}</span>}{row.note && <span className="faint tiny"> {row.note}</span>}</td>
                  {columns.map((column, index) => {
                    if (index >= (row.repeats ?? columns.length)) return <td key={column.id} role="gridcell" className="cell-none" />;
                    const key = keyOf(row.id, column.id);
                    const one = pending[key];
                    return (
                      <Cell key={column.id} row={row} column={column} cell={known.cells[key]} name={`${row.label}, ${column.name || column.title}`} draft={drafts[key]?.text} from={drafts[key]?.base} pending={one} late={one && now - one.first > LATE}
                        who={around?.[key]} clash={clash[key]} asked={asks?.[key]} hot={!!known.hot[key] && !one} picked={block?.cells.some((entry) => keyOf(entry.row, entry.column) === key)}
                        locked={locked || row.locked || known.cells[key]?.locked} words={words} reasons={reasons} edge={index > columns.length / 2} low={place > 5 && place > rows.length - 5} act={act.current}
                        others={() => columns.filter((other) => other.id !== column.id && !other.words).map((other) => live.current.known.cells[keyOf(row.id, other.id)]?.value ?? "")} />
                    );
                  })}
                  {computed.map((column) => {
                    const value = result[column.id];
                    if (column.verdict) {
                      const verdict = result.verdict || verdicts[result.statement];
                      const open = result.remaining > 0 && result.mean ? fill(words.toGo, { count: result.remaining }) : words.open;
                      return <td key={column.id} role="gridcell" className="left"><span className={`verdict ${verdict ? `ink-${verdict.tone}` : "faint"}`}><Icon name={verdict?.icon || "verdict-open"} /><span>{verdict?.words || open}</span></span></td>;
                    }
                    return <td key={column.id} role="gridcell" className={[column.words && "left", column.wide && "wide-only", column.quiet || !value ? "waiting" : "", column.strong && value && "medium", column.judged && result.out && "out"].filter(Boolean).join(" ")}>{value || "–"}</td>;
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
        {block && <Paste block={block} words={words} reasons={reasons} onAccept={accept} onCancel={() => setBlock(null)} />}
      </div>
      <div className="foot">
        {(words.keys || []).map(([keys, deed]) => <span key={deed} className="row gap-6"><span className="keys">{keys.split(" ").map((one) => <kbd className="key" key={one}>{one}</kbd>)}</span>{deed}</span>)}
        <span className="spacer" />
        {words.progress && <span className="num">{fill(words.progress, { done: points.filter((row) => known.results[row.id]?.statement || known.results[row.id]?.remaining === 0).length, all: points.length })}</span>}
        <span role="status" className={lateOnes ? "ink-amber" : ""}>
          <Icon name={lateOnes ? "clock" : waiting ? "hourglass" : "circle-check"} also={lateOnes ? "" : waiting ? "" : "ink-green"} />{" "}
          {lateOnes ? fill(words.unsaved, { count: waiting }) : waiting ? words.saving : words.saved}
        </span>
      </div>
    </>
  );
}
