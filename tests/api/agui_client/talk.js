// The official client of AG-UI in conversation with the three agents; what it saw goes out as JSON.
import { HttpAgent, buildResumeArray } from "@ag-ui/client";

const [url, key, search, interviewer, manager, raw] = process.argv.slice(2);
const warnings = [];
console.warn = (...told) => warnings.push(told.map(String).join(" "));

const agentCalled = (name) =>
  new HttpAgent({ url: `${url}/agui/${name}`, headers: { Authorization: `Bearer ${key}` } });
const user = (content) => ({ id: crypto.randomUUID(), role: "user", content });
const seen = (agent) => ({
  roles: agent.messages.map((m) => m.role),
  last: agent.messages.at(-1)?.content,
  state: agent.state,
  pending: agent.pendingInterrupts,
});
const failing = async (run) => {
  try {
    await run();
    return "";
  } catch (e) {
    return String(e.message ?? e);
  }
};

const out = {};

const shaper = agentCalled("feedback-shaper");
const deltas = [];
shaper.addMessage(user(raw));
await shaper.runAgent(
  { forwardedProps: { search, person: interviewer } },
  { onStateDeltaEvent: ({ event }) => void deltas.push(event.delta) },
);
out.shaped = { ...seen(shaper), deltas: deltas.length };
out.withoutResume = await failing(() => shaper.runAgent({ forwardedProps: {} }));
const answers = Object.fromEntries(
  shaper.pendingInterrupts.map((i, n) => [i.id, n === 0 ? { status: "cancelled" } : { status: "resolved", payload: { reply: "accept" } }]),
);
await shaper.runAgent({ resume: buildResumeArray(shaper.pendingInterrupts, answers) });
out.resumed = seen(shaper);
await shaper.runAgent({
  resume: shaper.pendingInterrupts.map((i) => ({ interruptId: i.id, status: "resolved", payload: { reply: "withdraw" } })),
});
out.settled = seen(shaper);

const referee = agentCalled("debrief-referee");
for (const question of ["Was M2 asked about?", "Who asked that?"]) {
  referee.addMessage(user(question));
  await referee.runAgent({ forwardedProps: { search, person: manager } });
}
out.asked = seen(referee);

const intake = agentCalled("intake-agent");
await intake.runAgent({ forwardedProps: { search, person: manager } });
out.opened = seen(intake);
const [question] = intake.pendingInterrupts;
await intake.runAgent({ resume: [{ interruptId: question.id, status: "resolved", payload: { text: "That the van leaves on time." } }] });
out.answered = seen(intake);

const lost = agentCalled("debrief-referee");
const errors = [];
lost.addMessage(user("Was M2 asked about?"));
out.thrown = await failing(() =>
  lost.runAgent(
    { forwardedProps: { search, person: manager, candidate: "Nobody Known" } },
    { onRunErrorEvent: ({ event }) => void errors.push(event) },
  ),
);
out.errors = errors;
out.refused = await failing(() => lost.runAgent({ forwardedProps: { search: "nowhere", person: manager } }));
out.warnings = warnings;
process.stdout.write(JSON.stringify(out));
