// Small conveniences. Every page works without this file.
"use strict";

// Menus close when one goes elsewhere or presses Escape; the focus returns to where it was.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  closeDrawer();
});

// The drawer of facets on a phone.
function closeDrawer() {
  const drawer = document.querySelector(".facets.opened");
  if (!drawer) return;
  drawer.classList.remove("opened");
  document.querySelector("[data-drawer]")?.focus();
}
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-drawer]");
  if (opener) {
    event.preventDefault();
    const drawer = document.getElementById(opener.dataset.drawer);
    drawer.classList.add("opened");
    drawer.querySelector("[data-drawer-close]")?.focus();
  } else if (event.target.closest("[data-drawer-close]")) {
    event.preventDefault();
    closeDrawer();
  }
});

// A choice that acts at once; its button is for browsers without scripts.
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
});
function hideButtons() {
  for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
  for (const button of document.querySelectorAll("[data-with-script]")) button.hidden = false;
}

// Copying a citation, with an answer in words.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
  } catch {
    getSelection().selectAllChildren(source);
    document.execCommand("copy");
  }
  const word = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = word; }, 2000);
});

// Keys: an element with data-key is pressed by that key, unless one is typing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, dialog[open]")) return;
  if (event.key === "/") {
    const box = document.querySelector("input[type=search]");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
    return;
  }
  if (event.key === "?") {
    const help = document.querySelector("dialog[data-help]");
    if (help) { event.preventDefault(); help.showModal(); }
    return;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (target) { event.preventDefault(); target.click(); }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help-open]")) document.querySelector("dialog[data-help]")?.showModal();
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// An error page is shown as a page, not kept from the reader.
for (const trouble of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(trouble, (event) => {
    if (event.detail.boosted) location.assign(event.detail.pathInfo.finalRequestPath || event.detail.pathInfo.requestPath);
  });
}

// What a source of log-in has posted here is posted once more from our own page; its button does the same by hand.
document.addEventListener("DOMContentLoaded", () => document.querySelector("form[data-submit]")?.requestSubmit());
document.addEventListener("DOMContentLoaded", hideButtons);
document.addEventListener("htmx:afterSettle", hideButtons);
