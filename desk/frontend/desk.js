// What the pages do where there is script. Without it they work the same, with a button more.
import { initAll } from "/assets/govuk-frontend.min.js";
import { keepDrafts } from "/assets/drafts.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
for (const form of document.querySelectorAll("form[data-draft]")) {
  keepDrafts(form);
}
