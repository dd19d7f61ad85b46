// Keeps what is written in a form while it is being written, so that a time-out loses nothing.
const PAUSE = 1500; // milliseconds after the last key

const NOT_KEPT = "Not kept: the desk did not answer. What you have written is still on this page.";
const SIGNED_OUT =
  "You are signed out. Press Record and sign in again: what you have written waits for you there, unless it was you who" +
  " signed out.";

export function keepDrafts(form) {
  const status = form.querySelector("[data-draft-status]");
  let timer;
  let lately = written(form);
  const left = new AbortController();

  const send = async () => {
    const now = written(form);
    if (now === lately) {
      return;
    }
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: new URLSearchParams(now),
        redirect: "manual",
        signal: left.signal,
      });
      if (answer.ok || answer.status === 413) {
        status.textContent = await answer.text();
      } else {
        status.textContent = answer.type === "opaqueredirect" ? SIGNED_OUT : NOT_KEPT;
      }
      if (answer.ok) {
        lately = now;
      }
    } catch {
      status.textContent = NOT_KEPT;
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    left.abort();
  });
}

function written(form) {
  return new URLSearchParams(new FormData(form)).toString();
}
