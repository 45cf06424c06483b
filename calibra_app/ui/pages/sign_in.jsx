/* The sign-in card: address first, then the password. It talks to the HTTP interface, because only
   an answer of HTTP can set a cookie that no script can read. What was typed stays after a refusal. */
import React, { useEffect, useRef, useState } from "react";

export function SignInCard({ words = {} }) {
  const [place, setPlace] = useState(null);
  const [step, setStep] = useState("email");
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const [typed, setTyped] = useState({ laboratory: "", password: "" });
  /* The page stands there before this script does: what is typed or filled in until then is in the
     field alone, and a field that React keeps would be emptied of it. */
  const email = useRef(null);
  const password = useRef(null);
  const query = () => new URLSearchParams(window.location.search);

  useEffect(() => {
    setTyped((was) => ({ ...was, laboratory: query().get("laboratory") || "" }));
    fetch("/api/v1/session/place").then((answer) => answer.json()).then(setPlace).catch(() => setPlace({ chosen: false, name: "" }));
  }, []);
  useEffect(() => { if (step === "password") password.current?.focus(); }, [step]);

  const change = (name) => (event) => setTyped({ ...typed, [name]: event.target.value });
  const submit = async (event) => {
    event.preventDefault();
    if (step === "email") { setFault(""); setStep("password"); return; }
    setBusy(true); setFault("");
    try {
      const answer = await fetch("/api/v1/session", {
        method: "POST", credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ ...typed, email: email.current.value, next: query().get("next") || "/" }),
      });
      const said = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Error(said.message || words.failed);
      /* A whole new page: its socket then shakes hands with the new cookie. */
      window.location.assign(said.next || "/");
    } catch (problem) {
      setFault(problem instanceof TypeError ? words.offline : problem.message);
      setBusy(false);
      password.current?.select();
    }
  };
  const title = place?.chosen && place.name ? place.name : words.title;
  return (
    <form className="gate-card sign-in" onSubmit={submit} aria-label={words.form} aria-busy={busy}>
      <div className="gate-head">
        <span className="logo logo-large" aria-hidden="true">{(place?.name || "C")[0]}</span>
        <div><h1>{title}</h1><p className="small second">{words.what}</p></div>
      </div>
      {fault && <div className="callout callout-red" role="alert" id="sign-in-fault"><svg className="icon ink-red" aria-hidden="true"><use href="/icons.svg#circle-alert" /></svg><div>{fault}</div></div>}
      {place && !place.chosen && (
        <div className="field">
          <label htmlFor="laboratory">{words.laboratory}</label>
          <input className="control" id="laboratory" name="laboratory" value={typed.laboratory} onChange={change("laboratory")}
            autoComplete="organization" autoCapitalize="none" spellCheck={false} required placeholder={words.example} />
        </div>
      )}
      <div className="field">
        <label htmlFor="email">{words.email}</label>
        <input className="control" id="email" name="email" type="email" ref={email}
          autoComplete="username" autoCapitalize="none" spellCheck={false} required autoFocus />
      </div>
      {step === "password" && (
        <div className="field">
          <label htmlFor="password">{words.password}</label>
          <input className="control" id="password" name="password" type="password" ref={password} value={typed.password}
            onChange={change("password")} autoComplete="current-password" required aria-describedby={fault ? "sign-in-fault" : undefined} />
        </div>
      )}
      <button type="submit" className="button button-primary button-large button-wide" disabled={busy || !place}>{busy ? words.busy : step === "email" ? words.next : words.enter}</button>
      {step === "password" && (
        <a className="link small center" href={`/forgot${typed.laboratory ? `?laboratory=${encodeURIComponent(typed.laboratory)}` : ""}`}>{words.forgot}</a>
      )}
    </form>
  );
}
