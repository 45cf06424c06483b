/* The corner for notices, and the bar that tells of a lost connection; all words come from notices.py.
   Events reach it as the value of `ref_notices`: data, never source text, so nothing is evaluated. */
import React, { useContext, useEffect, useRef, useState } from "react";
import { EventLoopContext } from "$/utils/context";
import { refs } from "$/utils/state";

const MOST = 3;
const STAYS = { done: 6000, warned: 10000 };
const ICONS = { done: "circle-check", warned: "triangle-alert", refused: "circle-alert" };
const INKS = { done: "ink-green", warned: "ink-amber", refused: "ink-red" };
/* A short break is mended before anybody needs to know of it. */
const PATIENCE = 4000;
const Icon = ({ name, also = "" }) => (
  <svg className={`icon ${also}`} aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>
);

/* The field may stand in a dialog that opens by the same answer: look again for a moment. */
function focus(field, tries = 20) {
  const top = [...document.querySelectorAll("dialog[open]")].pop() ?? document;
  const name = CSS.escape(field);
  const found = top.querySelector(`#${name}`) ?? top.querySelector(`[name="${name}"]`);
  if (found && found.getClientRects().length) found.focus();
  else if (tries > 0) setTimeout(() => focus(field, tries - 1), 25);
}

function Notice({ told, words, close }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const stays = STAYS[told.kind];
    if (!stays || held) return undefined;
    const timer = setTimeout(close, stays);
    return () => clearTimeout(timer);
  }, [held, told.number]);
  const hold = { onMouseEnter: () => setHeld(true), onMouseLeave: () => setHeld(false), onFocus: () => setHeld(true), onBlur: () => setHeld(false) };
  return (
    <div className="toast-card" data-kind={told.kind} role={told.kind === "refused" ? "alert" : "status"} {...hold}>
      <Icon name={ICONS[told.kind]} also={INKS[told.kind]} />
      <div>{told.text}</div>
      <button type="button" className="button button-quiet button-icon button-small" aria-label={words.close} onClick={close}><Icon name="x" /></button>
    </div>
  );
}

function Connection({ words }) {
  const [, errors] = useContext(EventLoopContext);
  const [since, setSince] = useState("");
  const [online, setOnline] = useState(true);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    look();
    window.addEventListener("online", look);
    window.addEventListener("offline", look);
    return () => { window.removeEventListener("online", look); window.removeEventListener("offline", look); };
  }, []);
  const broken = !online || (errors?.length ?? 0) > 0;
  useEffect(() => {
    if (!broken) { setSince(""); return undefined; }
    const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const timer = setTimeout(() => setSince(now), PATIENCE);
    return () => clearTimeout(timer);
  }, [broken]);
  if (!since) return null;
  return <div className="offline-bar" role="status"><Icon name="wifi-off" />{online ? words.lost : words.offline} {since}. {words.kept}</div>;
}

export function Notices({ words = {} }) {
  const [shown, setShown] = useState([]);
  const number = useRef(0);
  const box = useRef(null);
  useEffect(() => {
    const taken = {
      focus() {},
      set value(told) {
        if (told?.kind === "focus") { focus(told.field); return; }
        if (!told?.text) return;
        const fresh = { ...told, number: (number.current += 1) };
        /* What is said again replaces what said it before. */
        setShown((before) => [...before.filter((one) => one.text !== told.text), fresh].slice(-MOST));
      },
    };
    refs.ref_notices = { current: taken };
    return () => { delete refs.ref_notices; };
  }, []);
  useEffect(() => {
    /* Shown anew, it stands above a dialog that was opened since. */
    if (!box.current?.showPopover) return;
    if (box.current.matches(":popover-open")) box.current.hidePopover();
    if (shown.length) box.current.showPopover();
  }, [shown]);
  const close = (gone) => setShown((before) => before.filter((one) => one.number !== gone));
  return (
    <>
      <Connection words={words} />
      <section ref={box} popover="manual" className="toasts" aria-label={words.region} aria-live="polite">
        {shown.map((told) => <Notice key={told.number} told={told} words={words} close={() => close(told.number)} />)}
      </section>
    </>
  );
}
