/** Everything is fetched from this server, and nothing is written into the page, so that its policy can forbid the rest. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Caravel API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/page.css">
</head>
<body>
<p class="sign">
<button id="sign" type="button">Sign in with a browser extension (NIP-07)</button>
<output id="signed">Then “Try it out” works: each call is signed for you.</output>
<a href="openapi.json">openapi.json</a>
</p>
<main id="docs"><noscript>This page needs JavaScript; <a href="openapi.json">openapi.json</a> says the same.</noscript></main>
<script src="docs/swagger-ui.js"></script>
<script src="docs/page.js"></script>
</body>
</html>
`;

export const DOCS_STYLE = `
body { margin: 0 }
.sign {
  display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; margin: 0; padding: 0.75rem 1.25rem;
  background: #1b1b2f; color: #fff; font: 0.9rem system-ui, sans-serif;
}
.sign a { color: inherit; margin-left: auto }
.sign button { padding: 0.4rem 0.8rem; font: inherit; cursor: pointer }
`;
