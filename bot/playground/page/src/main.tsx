// Starts the page.
import { createRoot } from "react-dom/client";
import { App } from "./app";
import "slack-blocks-to-jsx/dist/style.css";
import "./page.css";
import "./blocks.css";

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
