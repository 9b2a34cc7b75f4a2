// Light, dark, or as the system has it. Kept in this browser.
export type Theme = "system" | "light" | "dark";

const KEY = "cogwright.theme";

export class ThemeChoice {
  value = $state<Theme>(stored());

  constructor() {
    apply(this.value);
  }
  set(value: Theme): void {
    this.value = value;
    apply(value);
    try {
      localStorage.setItem(KEY, value);
    } catch {
      // Storage may be off; the choice then lasts for this tab.
    }
  }
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

function apply(value: Theme): void {
  if (value === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = value;
}
