/** The whole look, inline and allowed by its hash: pages need no second request and no script at all. */
export const styleSheet = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d5dbe3; --card: #fff; --ground: #f2f5f9;
  --accent: #1f5fbf; --bad: #a5202b; --good: #1c6b3c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ecf3; --soft: #9fabbb; --line: #3a4452; --card: #1d242e;
  --ground: #12171e; --accent: #6ea8ff; --bad: #ff8d94; --good: #7bd6a0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between;
  padding: 1rem 1.25rem; color: var(--soft); overflow-wrap: anywhere; }
header form { margin: 0; display: flex; gap: .75rem; align-items: center; }
#tenant { font-weight: 600; color: var(--ink); }
main { max-width: 26rem; margin: 4vh auto; padding: 1.75rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .75rem; overflow-wrap: anywhere; }
main.wide { max-width: 64rem; margin: 0 auto 2rem; }
@media (max-width: 30rem) { main { margin: 0; border-width: 1px 0; border-radius: 0; } }
h1 { margin: 0 0 1rem; font-size: 1.4rem; line-height: 1.2; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input { width: 100%; padding: .6rem .7rem; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--line); border-radius: .4rem; }
button { padding: .6rem 1.1rem; font: inherit; font-weight: 600; color: var(--card); background: var(--accent);
  border: 0; border-radius: .4rem; cursor: pointer; }
main form > button { width: 100%; margin-top: 1.5rem; }
header button { padding: .25rem .8rem; }
a { color: var(--accent); }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
nav { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; margin-top: 1.25rem; }
[role="alert"], [role="status"] { margin: 0 0 1rem; padding: .6rem .8rem; border-left: 4px solid var(--bad);
  background: var(--ground); }
[role="status"] { border-color: var(--good); }
.hint { color: var(--soft); font-size: .9rem; margin: .25rem 0 0; }
.fault { color: var(--bad); font-size: .9rem; margin: .25rem 0 0; }
.scroll { overflow-x: auto; margin-top: 1rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .5rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
code { font-size: .9em; }
`;
