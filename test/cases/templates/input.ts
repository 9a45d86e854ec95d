import { sig, template } from "dspex";

export const Triage = sig("message: str, tags: list[str] -> label: str");

export const right = template("Dear <%= name %>, <% for t in tags %><%= t %> <% end %>", ["name", "tags"]);
export const ofSignature = template(`<%= message %>: <% if label == "bug" %>a bug<% end %>`, Triage);
export const unknownName = template("Dear <%= nmae %>, <%= whatever %>", ["name"]);
export const unknownField = template(
  `Line one
  <%= mesage %>`,
  Triage,
);
export const unclosed = template("Dear <%= name", ["name"]);
export const called = template('a\tb <%= name.trim() %> "c"');
export const filtered = template("<%= name | upper %>");
export const noEnd = template("<% if name %>never ended");
export const proto = template("<%= name.__proto__.x %>");

declare const text: string;
export const atRunTime = template(text);
