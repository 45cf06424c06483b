/* The board: columns are states, lanes are groups of work, cards are dragged or moved by a menu.
   It only shows what the server allowed; every move is asked of the server and drawn back if refused. */
import React, { useEffect, useMemo, useReducer, useRef, useState } from "react";
import {
  DndContext, DragOverlay, KeyboardSensor, MouseSensor, TouchSensor,
  pointerWithin, rectIntersection, useDraggable, useDroppable, useSensor, useSensors,
} from "@dnd-kit/core";

const UNDO_AFTER = 5000;
const HEARD_AFTER = 60;
/* With so many columns those without a card fold to a strip, so that the rest fits the window. */
const FOLD_FROM = 9;

const Icon = ({ name, also = "" }) => (
  <svg className={`icon ${also}`} aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>
);
const fill = (text, values) => (text || "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const slotId = (lane, column) => `${lane}|${column}`;
const placeOf = (slot) => { const at = String(slot).lastIndexOf("|"); return [slot.slice(0, at), slot.slice(at + 1)]; };

/* Cards by id. A patch may overtake a load, so a version never goes back. */
function merge(known, news) {
  const next = new Map(known);
  for (const card of news) {
    const held = next.get(card.id);
    if (held && held.version > card.version) continue;
    if (card.gone) next.delete(card.id);
    else next.set(card.id, held && !held.fresh ? { ...card, fresh: held.column !== card.column } : card);
  }
  return next;
}
function reducer(known, act) {
  if (act.load) {
    const held = new Map([...known].filter(([id]) => act.load.some((card) => card.id === id)));
    return merge(held, act.load);
  }
  return merge(known, act.patch);
}

function Face({ card, words, also = "" }) {
  const unfinished = card.total > 0 && card.done < card.total;
  return (
    <div className={`work-face ${also}`}>
      <div className={"work-line" + (card.urgent ? " work-flagged" : "")}>
        <span className="work-tag cut">{card.tag}</span>
        {card.urgent && (
          <span className="badge tone-red push"><Icon name="flag" /><span className="work-urgent-word">{words.urgent}</span></span>
        )}
      </div>
      {card.name && <div className="work-name">{card.name}</div>}
      {card.flag && (
        <div className="work-line"><span className={`badge tone-${card.flag.tone}`}><Icon name={card.flag.icon} /><span className="cut">{card.flag.text}</span></span></div>
      )}
      {unfinished && (
        <div className="work-line work-foot">
          <span className="bar grow" role="img" aria-label={fill(words.progress, card)}><i style={{ width: `${(100 * card.done) / card.total}%` }} /></span>
          <span className="num" aria-hidden="true">{card.done}/{card.total}</span>
        </div>
      )}
      <div className="work-line work-foot">
        <span className="cut grow">{card.customer}</span>
        {card.due && <span className={`due num due-${card.due_tone || "none"}`}>{card.due_tone === "late" ? `${words.late} · ` : ""}{card.due}</span>}
        {card.people?.length > 0 && (
          <span className="people">{card.people.map((person) => (
            <span key={person.name} className={`person person-small person-${person.hue}`} role="img" aria-label={person.name} title={person.name}>{person.initials}</span>
          ))}</span>
        )}
      </div>
    </div>
  );
}

function Work({ card, words, lifting, onMenu, onOpen, onStep }) {
  const { attributes, listeners, setNodeRef, isDragging } = useDraggable({ id: card.id, data: { card } });
  const keyDown = (event) => {
    if (lifting) { listeners?.onKeyDown?.(event); return; }
    if (event.key === "Enter") { event.preventDefault(); onOpen(card.id); }
    else if (event.key === "m" || event.key === "M") { event.preventDefault(); onMenu(card, event.currentTarget); }
    else if (event.key.startsWith("Arrow")) { event.preventDefault(); onStep(card, event.key); }
    else listeners?.onKeyDown?.(event);
  };
  /* The menu button is a sibling of the handle: a button inside a draggable would nest two controls. */
  return (
    <div className={"work" + (card.fresh ? " work-new" : "")}>
      <div ref={setNodeRef} className="work-hold" {...attributes} {...listeners} onKeyDown={keyDown}
        onClick={() => onOpen(card.id)} role="group" aria-roledescription={words.card} data-card={card.id}
        aria-label={[card.tag, card.name, card.customer, card.flag?.text, card.urgent && words.urgent].filter(Boolean).join(", ")}>
        <Face card={card} words={words} also={isDragging ? "work-ghost" : ""} />
      </div>
      <span className="menu">
        <button type="button" className="button button-quiet button-icon button-small" title={words.move}
          aria-label={fill(words.moveCard, card)} aria-haspopup="dialog" onClick={(event) => onMenu(card, event.currentTarget)}>
          <Icon name="ellipsis" />
        </button>
      </span>
    </div>
  );
}

function Slot({ lane, column, lifted, picked, folded, title, children }) {
  const { setNodeRef, isOver } = useDroppable({ id: slotId(lane, column) });
  let also = picked ? " slot-picked" : "";
  if (lifted) {
    if (lifted.lane !== lane) also += " slot-idle";
    else if (lifted.column !== column) {
      const legal = column in (lifted.targets || {});
      also += legal ? (isOver ? " slot-yes" : " slot-may") : isOver ? " slot-no" : "";
    }
  }
  return (
    <div ref={setNodeRef} className={`slot${also}`} data-slot={slotId(lane, column)}>
      {folded && <span className="slot-title" aria-hidden="true">{title}</span>}
      {children}
    </div>
  );
}

function Reason({ card, slot, words }) {
  if (!slot) return null;
  const [lane, column] = placeOf(slot);
  if (lane !== card.lane || column === card.column) return null;
  const legal = column in (card.targets || {});
  return (
    <div className={"lift-reason" + (legal ? "" : " lift-refused")}>
      <Icon name={legal ? "arrow-down" : "lock"} also={legal ? "ink-brand" : "ink-red"} />
      <span>{legal ? card.targets[column] || words.here : card.refused?.[column] || words.notFromHere}</span>
    </div>
  );
}

/* A modal dialog beside the card: focus stays in it and Escape closes it, by the browser. */
function MoveMenu({ at, columns, words, onMove, onClose }) {
  const box = useRef(null);
  useEffect(() => {
    if (!at) return;
    if (!box.current.open) box.current.showModal();
    const { top, height } = box.current.getBoundingClientRect();
    const lowest = Math.max(8, window.innerHeight - 12 - height);
    if (top > lowest) box.current.style.top = `${lowest}px`;
  }, [at]);
  if (!at) return null;
  const left = Math.max(8, Math.min(at.x, window.innerWidth - 296));
  const top = Math.max(8, Math.min(at.y, window.innerHeight - 24 - columns.length * 46));
  return (
    <dialog ref={box} className="menu-list" style={{ position: "fixed", margin: 0, left, top, width: 280, maxHeight: "80vh" }} onClose={onClose}
      aria-label={fill(words.moveCard, at.card)} onClick={(event) => event.target === box.current && box.current.close()}>
      {columns.filter((column) => column.id !== at.card.column || column.id in (at.card.targets || {})).map((column) => {
        const legal = column.id in (at.card.targets || {});
        return (
          <button key={column.id} type="button" className="entry" disabled={!legal} onClick={() => { box.current.close(); onMove(at.card, column.id); }}>
            <Icon name={legal ? column.icon : "lock"} also={legal ? `ink-${column.tone}` : ""} />
            <span>{column.title}<small>{legal ? at.card.targets[column.id] : at.card.refused?.[column.id] || words.notFromHere}</small></span>
          </button>
        );
      })}
    </dialog>
  );
}

export function Board({ columns = [], lanes = [], cards = [], patch, words = {}, label, heard, undo, onHeard, onMove, onRefused, onOpen }) {
  const [known, dispatch] = useReducer(reducer, cards, (start) => merge(new Map(), start));
  const [moved, setMoved] = useState({});
  const [lifted, setLifted] = useState(null);
  const [over, setOver] = useState(null);
  const [shut, setShut] = useState({});
  const [menu, setMenu] = useState(null);
  const [picked, setPicked] = useState(null);
  const root = useRef(null);

  useEffect(() => { dispatch({ load: cards }); setMoved({}); }, [cards]);
  useEffect(() => { if (patch?.length) dispatch({ patch }); }, [patch]);
  useEffect(() => setMoved({}), [undo]);
  /* The bus tells what has changed; a moment later all of it is asked for at once. */
  const latest = useRef(0);
  const waiting = useRef({ names: new Set(), timer: 0 });
  useEffect(() => {
    for (const one of heard || []) if (one.seq > latest.current) waiting.current.names.add(`${one.kind}:${one.id}`);
    latest.current = Math.max(latest.current, ...(heard || []).map((one) => one.seq));
    if (!waiting.current.names.size || waiting.current.timer) return;
    waiting.current.timer = setTimeout(() => {
      onHeard?.([...waiting.current.names]);
      waiting.current = { names: new Set(), timer: 0 };
    }, HEARD_AFTER);
  }, [heard]);
  useEffect(() => () => clearTimeout(waiting.current.timer), []);

  const shown = useMemo(() => [...known.values()].map((card) => {
    const step = moved[card.id];
    return step && card.version <= step.version ? { ...card, column: step.column } : card;
  }), [known, moved]);
  const bySlot = useMemo(() => {
    const map = {};
    for (const card of shown) (map[slotId(card.lane ?? "", card.column)] ||= []).push(card);
    for (const slot of Object.values(map)) slot.sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
    return map;
  }, [shown]);
  const rows = lanes.length ? lanes : [{ id: "", title: "" }];
  const ids = columns.map((column) => column.id);
  const title = (id) => columns.find((column) => column.id === id)?.title ?? id;
  const pickedColumn = picked ?? ids.find((id) => shown.some((card) => card.column === id)) ?? ids[0];

  const ask = (card, column) => {
    if (!(column in (card.targets || {}))) { onRefused?.(card.id, column); return; }
    setMoved((steps) => ({ ...steps, [card.id]: { column, version: card.version } }));
    setTimeout(() => setMoved(({ [card.id]: step, ...rest }) => (step?.column === column ? rest : { [card.id]: step, ...rest })), UNDO_AFTER);
    onMove?.(card.id, column, card.version);
  };
  const openMenu = (card, element) => { const box = element.getBoundingClientRect(); setMenu({ card, x: box.right - 280, y: box.bottom + 4 }); };
  const step = (card, key) => {
    const lane = card.lane ?? "";
    const here = bySlot[slotId(lane, card.column)] || [];
    let target = null;
    if (key === "ArrowDown" || key === "ArrowUp") target = here[here.findIndex((one) => one.id === card.id) + (key === "ArrowDown" ? 1 : -1)];
    else {
      const way = key === "ArrowRight" ? 1 : -1;
      for (let at = ids.indexOf(card.column) + way; at >= 0 && at < ids.length && !target; at += way) target = (bySlot[slotId(lane, ids[at])] || [])[0];
    }
    if (target) root.current?.querySelector(`[data-card="${CSS.escape(target.id)}"]`)?.focus();
  };

  /* With the keyboard an arrow moves a lifted card by one column, not by pixels. */
  const nextColumn = (event, { currentCoordinates, context }) => {
    const way = event.code === "ArrowRight" ? 1 : event.code === "ArrowLeft" ? -1 : 0;
    if (!way || !context.active) return undefined;
    event.preventDefault();
    const card = context.active.data.current.card;
    const [lane, column] = context.over ? placeOf(String(context.over.id)) : [card.lane ?? "", card.column];
    const next = ids[Math.min(Math.max(ids.indexOf(column) + way, 0), ids.length - 1)];
    const box = context.droppableRects.get(slotId(lane, next));
    return box ? { x: box.left + 6, y: box.top + 6 } : currentCoordinates;
  };
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 5 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: nextColumn, keyboardCodes: { start: ["Space"], cancel: ["Escape"], end: ["Space", "Enter"] } }),
  );
  const spoken = {
    onDragStart: ({ active }) => fill(words.lifted, active.data.current.card),
    onDragOver: ({ active, over: slot }) => {
      if (!slot) return undefined;
      const card = active.data.current.card;
      const column = placeOf(String(slot.id))[1];
      if (column === card.column || column in (card.targets || {})) return title(column);
      return `${title(column)}: ${card.refused?.[column] || words.notFromHere}`;
    },
    onDragEnd: ({ active, over: slot }) => {
      const card = active.data.current.card;
      const column = slot && placeOf(String(slot.id))[1];
      return column && column in (card.targets || {}) ? fill(words.dropped, { ...card, column: title(column) }) : fill(words.returned, card);
    },
    onDragCancel: ({ active }) => fill(words.returned, active.data.current.card),
  };
  const end = ({ over: slot }) => {
    const card = lifted;
    setLifted(null); setOver(null);
    if (!card || !slot) return;
    const [lane, column] = placeOf(String(slot.id));
    if (lane === (card.lane ?? "") && column !== card.column) ask(card, column);
  };
  const folded = new Set(ids.length < FOLD_FROM ? [] : ids.filter((id) => !shown.some((card) => card.column === id)));
  const tracks = ids.map((id) => (folded.has(id) ? "minmax(44px, 1fr)" : `minmax(var(--column), ${folded.size ? "4fr" : "1fr"})`)).join(" ");
  const style = { "--tracks": tracks };
  return (
    <DndContext sensors={sensors} accessibility={{ announcements: spoken, screenReaderInstructions: { draggable: words.help } }}
      collisionDetection={(args) => { const hit = pointerWithin(args); return hit.length ? hit : rectIntersection(args); }}
      onDragStart={({ active }) => setLifted({ ...active.data.current.card, lane: active.data.current.card.lane ?? "" })}
      onDragOver={({ over: slot }) => setOver(slot ? String(slot.id) : null)} onDragCancel={() => { setLifted(null); setOver(null); }} onDragEnd={end}>
      <div className="board" ref={root} tabIndex={0} role="region" aria-label={label}>
        <div className="board-pick">
          <select className="control" aria-label={words.pick} value={pickedColumn} onChange={(event) => setPicked(event.target.value)}>
            {columns.map((column) => <option key={column.id} value={column.id}>{column.title} ({shown.filter((card) => card.column === column.id).length})</option>)}
          </select>
        </div>
        <div className={"board-inner" + (lanes.length ? "" : " lane-less")}>
          <div className="board-row board-heads" style={style}>
            {columns.map((column) => {
              const count = shown.filter((card) => card.column === column.id).length;
              return (
                <div className={"board-head" + (folded.has(column.id) ? " board-head-folded" : "")} key={column.id} title={folded.has(column.id) ? column.title : undefined}>
                  <Icon name={column.icon} also={`ink-${column.tone}`} /><span className="cut">{column.title}</span><span className="tally num">{count}</span>
                  {column.limit > 0 && <span className={"limit num" + (count > column.limit ? " over" : "")}>{fill(count > column.limit ? words.overLimit : words.limit, column)}</span>}
                </div>
              );
            })}
          </div>
          {rows.map((lane) => (
            <section key={lane.id} className={"lane" + (lanes.length && !bySlot[slotId(lane.id, pickedColumn)] ? " lane-bare" : "")} aria-label={lane.title || label}>
              {lane.title && (
                <button type="button" className="lane-head" aria-expanded={!shut[lane.id]} onClick={() => setShut({ ...shut, [lane.id]: !shut[lane.id] })}>
                  <Icon name={shut[lane.id] ? "chevron-right" : "chevron-down"} also="faint" />{lane.title}<small>{lane.sub}</small>
                </button>
              )}
              {!shut[lane.id] && (
                <div className="board-row" style={style}>
                  {ids.map((column) => (
                    <Slot key={column} lane={lane.id} column={column} lifted={lifted} picked={column === pickedColumn} folded={folded.has(column) && !lanes.length} title={title(column)}>
                      {(bySlot[slotId(lane.id, column)] || []).map((card) => (
                        <Work key={card.id} card={card} words={words} lifting={!!lifted} onMenu={openMenu} onOpen={(id) => onOpen?.(id)} onStep={step} />
                      ))}
                    </Slot>
                  ))}
                </div>
              )}
            </section>
          ))}
        </div>
      </div>
      <MoveMenu at={menu} columns={columns} words={words} onClose={() => setMenu(null)} onMove={ask} />
      <DragOverlay dropAnimation={{ duration: 160 }}>
        {lifted ? <div><Face card={lifted} words={words} also="work-lifted" /><Reason card={lifted} slot={over} words={words} /></div> : null}
      </DragOverlay>
    </DndContext>
  );
}
