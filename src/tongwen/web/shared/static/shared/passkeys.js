// Passkeys (WebAuthn Level 3): a form with data-passkey asks for options, lets the browser sign, and sends the answer.
"use strict";

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0)).buffer;
}

function written(buffer) {
  if (!buffer) return null;
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function understood(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials]) {
    for (const known of list ?? []) known.id = bytes(known.id);
  }
  return options;
}

function answered(credential) {
  const { response } = credential;
  const said = {
    clientDataJSON: written(response.clientDataJSON),
    attestationObject: written(response.attestationObject),
    authenticatorData: written(response.authenticatorData),
    signature: written(response.signature),
    userHandle: written(response.userHandle),
    transports: response.getTransports?.(),
  };
  for (const name of Object.keys(said)) if (said[name] === null || said[name] === undefined) delete said[name];
  return {
    id: credential.id,
    rawId: written(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    response: said,
  };
}

async function sent(url, form, body) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { "X-CSRFToken": token, "Content-Type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), credentials: "same-origin" });
  // A proof that is no longer fresh leads to another page: go there.
  if (answer.redirected) { location.assign(answer.url); return null; }
  return answer.json();
}

function say(text) {
  const box = document.querySelector("[data-passkey-problem]");
  box.querySelector("p").textContent = text;
  box.hidden = false;
}

async function hold(form) {
  document.querySelector("[data-passkey-problem]").hidden = true;
  const options = await sent(form.dataset.options, form, {});
  if (!options) return;
  const publicKey = understood(options);
  const making = form.dataset.passkey === "register";
  const credential = await navigator.credentials[making ? "create" : "get"]({ publicKey });
  const name = form.querySelector("[name=name]")?.value ?? "";
  const said = await sent(form.dataset.answer, form, { ...answered(credential), name });
  if (said?.next) location.assign(said.next);
  else if (said) say(said.problem ?? form.dataset.failed);
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  event.stopPropagation();
  try {
    await hold(form);
  } catch {
    say(form.dataset.failed);
  }
}, true);

document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (window.PublicKeyCredential) form.hidden = false;
    else if (form.dataset.unknown) say(form.dataset.unknown);
  }
});
