/** What `npm run play -- --help` says. */
export const help = `Carries out any runbook from this terminal, on the engine of the bot: the same gates, the same timeline.

  npm run play                           what there is, and what is under way
  npm run play restore-database          asks for what it needs, shows the plan, follows the run
  npm run play "restore db to 10:00"     the words that one types in Teams
  npm run play inc7                      goes on with a run, wherever it was begun

Without questions (behind "--", as npm wants it: npm run play restore-database -- --set time=10:00):

  --set <input>=<value>     fills in an input of the form; may be given several times
  --app <name>              which protected app, where there are several
  --approve                 answers every gate by going on, where you may
  --answer <gate>=<choice>  answers one gate: --answer swap=reject
  --retry, --skip, --undo, --stop   decides about a run that is paused
  --abort                   stops a run
  --value-stdin             takes a secret that the run waits for from standard input
  --break-glass             goes ahead alone at a gate, where the estate lets you; needs --reason
  --reason "<why>"          goes into the timeline with your answers
  --wait                    follows the run while others decide, instead of leaving it
  --incident <inc7>         begins the runbook in that incident

Exit codes: 0 done, 1 it failed, 2 refused, 3 the run waits for people, 4 it is paused and needs a decision,
5 it is over without having done it, 130 Ctrl-C. Leaving never stops a run.`;
