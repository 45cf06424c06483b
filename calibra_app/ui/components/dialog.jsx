/* A modal dialog that opens and closes with a var. */
import React, { useEffect, useRef } from "react";

/* What nobody misses when a dialog closes by accident. */
const WORTHLESS = ["password", "search"];

/* A native modal dialog that follows a var: the browser keeps the focus inside and closes on Escape.
   Once something was typed a click beside it closes nothing: it may have been a slip of the hand. */
export function Modal({ open, label, className = "", children, onClose }) {
  const box = useRef(null);
  const typed = useRef(false);
  useEffect(() => {
    const element = box.current;
    typed.current = false;
    if (open && !element.open) element.showModal();
    if (!open && element.open) element.close();
  }, [open]);
  return (
    <dialog ref={box} aria-label={label} className={className} onClose={() => open && onClose?.()}
      onInput={(event) => { if (!WORTHLESS.includes(event.target.type)) typed.current = true; }}
      onMouseDown={(event) => { if (event.target === box.current && !typed.current) onClose?.(); }}>
      {open ? children : null}
    </dialog>
  );
}
