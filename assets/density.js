/* Runs before the first paint, so that a bench screen does not jump from small rows to large ones. */
try {
  document.documentElement.dataset.density = localStorage.getItem("calibra:density") || "desk";
} catch {
  document.documentElement.dataset.density = "desk";
}
