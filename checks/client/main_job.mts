// The main job, written as a frontend writes it against the generated types, and run against the demonstration: it
// fails when a change to the document would break code like this, which a comparison of documents may call harmless.
import createClient from "openapi-fetch";
import type { components, paths } from "./api";

type Schemas = components["schemas"];
type Api = ReturnType<typeof connect>;

// The program that runs this is Node.js, whose other types are not needed.
declare const process: { env: Record<string, string | undefined> };

type Refusal = "application/problem+json";
const base = process.env["API"] ?? "http://127.0.0.1:8080";
const password = process.env["AFTALESTYRING_DEMO_PASSWORD"] ?? "";

function connect() {
  // Only the answers of this media type: what a dry run answers is asked for by another client.
  return createClient<paths, "application/json" | Refusal>({ baseUrl: base });
}

function rehearsal() {
  return createClient<paths, "application/vnd.aftalestyring.dry-run+json" | Refusal>({ baseUrl: base });
}

function given<T>(answer: { data?: T | undefined; error?: Schemas["Problem"] | undefined; response: Response }): T {
  if (answer.data === undefined) {
    const problem = answer.error;
    throw new Error(`${answer.response.url}: ${problem?.code ?? answer.response.status} ${problem?.detail ?? ""}`);
  }
  return answer.data;
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) {
    throw new Error(`not so: ${what}`);
  }
}

async function logIn(name: string): Promise<Api> {
  const api = connect();
  const session = given(await api.POST("/api/v1/sessions", { body: { email: `${name}@demo.example`, password } }));
  api.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${session.access_token}`);
      return request;
    },
  });
  return api;
}

async function agreementOf(api: Api, id: string): Promise<Schemas["Agreement"]> {
  return given(await api.GET("/api/v1/agreements/{id}", { params: { path: { id } } }));
}

async function sectionOf(api: Api, id: string, key: string): Promise<Schemas["Section"]> {
  return given(await api.GET("/api/v1/agreements/{id}/sections/{key}", { params: { path: { id, key } } }));
}

async function submit(api: Api, id: string): Promise<Schemas["Agreement"]> {
  const { etag } = await agreementOf(api, id);
  return given(
    await api.POST("/api/v1/agreements/{id}/submit", { params: { path: { id }, header: { "If-Match": etag } } }),
  );
}

async function approve(api: Api, id: string, key: string): Promise<Schemas["Section"]> {
  const { etag } = await sectionOf(api, id, key);
  const params = { path: { id, key }, header: { "If-Match": etag } };
  return given(await api.POST("/api/v1/agreements/{id}/sections/{key}/approve", { params, body: {} }));
}

async function write(chief: Api, id: string): Promise<void> {
  const units = given(await chief.GET("/api/v1/org-units", { params: { query: { q: "Arbejdsmarkedscentret" } } }));
  const partner = units.items[0];
  check(partner !== undefined, "the partner is found");
  const draft = given(await chief.GET("/api/v1/agreements/{id}/draft", { params: { path: { id } } }));
  const version = (key: string) => draft.sections.find((section) => section.key === key)?.version ?? 0;
  const sections: Schemas["DraftSectionInput"][] = [
    {
      key: "effects",
      version: version("effects"),
      content: { plan: "Vi følger hvert kvartal, om borgerne klarer mere selv." },
      goals: [{ title: "Flere borgere klarer hverdagen selv", assessment: "Teamlederne vurderer det i december." }],
    },
    {
      key: "cross-cutting",
      version: version("cross-cutting"),
      content: { plan: "Vi samarbejder om unge med handicap." },
      commitments: [
        {
          title: "Fra botilbud til job",
          promise: "Vi finder de unge, der er klar.",
          expected_gain: "Den unge møder én samlet indgang.",
          due_on: "2015-10-01",
          partners: [{ org_unit_id: partner.id, promise: "Vi finder praktikpladserne." }],
        },
      ],
    },
  ];
  const saved = given(
    await chief.PUT("/api/v1/agreements/{id}/draft", { params: { path: { id } }, body: { sections } }),
  );
  const effects = saved.sections.find((section) => section.key === "effects");
  const plan: unknown = effects?.content["plan"];
  check(typeof plan === "string" && plan.startsWith("Vi følger"), "what was written is read again");
  check(effects?.goals[0]?.indicators.length === 0, "a goal always has its indicators");
}

async function confirm(): Promise<void> {
  const partner = await logIn("centerchef.arbejdsmarked");
  const tasks = given(await partner.GET("/api/v1/me/tasks"));
  const task = tasks.items.find((one) => one.kind === "confirm_commitment");
  check(task !== undefined, "the partner is asked");
  const id = task.href.split("/").at(-1) ?? "";
  const params = { path: { id }, header: { "If-Match": task.etag } };
  const commitment = given(await partner.POST("/api/v1/commitments/{id}/confirm", { params, body: {} }));
  check(commitment.state === "confirmed", "the commitment is confirmed");
}

async function main(): Promise<void> {
  const chief = await logIn("centerchef.social");
  const tasks = given(await chief.GET("/api/v1/me/tasks"));
  const id = tasks.items[0]?.agreement_id;
  check(id !== undefined, "an agreement waits to be written");
  await write(chief, id);
  await confirm();

  const { etag, available_actions } = await agreementOf(chief, id);
  check(available_actions.some((one) => one.action === "submit" && one.allowed), "it can be submitted");
  const dry = rehearsal();
  const outcome = given(await dry.POST("/api/v1/agreements/{id}/submit", {
    params: { path: { id }, query: { dry_run: true }, header: { "If-Match": etag } },
    headers: { Authorization: await authorization("centerchef.social") },
  }));
  check(outcome.would_succeed && outcome.changes.some((change) => change.kind === "section.submitted"), "it would succeed");

  check((await submit(chief, id)).state === "in_review", "it is submitted");
  const director = await logIn("direktoer.social");
  const section = await sectionOf(director, id, "effects");
  const returned = given(
    await director.POST("/api/v1/agreements/{id}/sections/{key}/return", {
      params: { path: { id, key: "effects" }, header: { "If-Match": section.etag } },
      body: { reason: "Skriv, hvem der følger op." },
    }),
  );
  check(returned.state === "returned", "it is returned");

  const again = await sectionOf(chief, id, "effects");
  check(again.last_decision?.reason === "Skriv, hvem der følger op.", "the chief reads why");
  given(
    await chief.PATCH("/api/v1/agreements/{id}/sections/{key}", {
      params: { path: { id, key: "effects" }, header: { "If-Match": again.etag } },
      body: { content: { plan: "Teamlederne følger op hvert kvartal." } },
      headers: { "Content-Type": "application/merge-patch+json" },
    }),
  );
  await submit(chief, id);
  await approve(director, id, "effects");
  await approve(await logIn("direktoer.boern"), id, "cross-cutting");
  for (const signer of [await logIn("kommunaldirektoer"), chief]) {
    const current = await agreementOf(signer, id);
    const params = { path: { id }, header: { "If-Match": current.etag } };
    given(await signer.POST("/api/v1/agreements/{id}/sign", { params, body: {} }));
  }
  check((await agreementOf(chief, id)).state === "in_force", "it is in force");
  const refused = await chief.POST("/api/v1/agreements/{id}/submit", {
    params: { path: { id }, header: { "If-Match": (await agreementOf(chief, id)).etag } },
  });
  const code: Schemas["ProblemCode"] | undefined = refused.error?.code;
  check(code === "illegal-move" || code === "not-ready" || code === "forbidden", `a refusal has a code: ${code}`);
  console.log("TypeScript: logged in, written, confirmed, submitted, returned, submitted, approved, signed");
}

async function authorization(name: string): Promise<string> {
  const body = { email: `${name}@demo.example`, password };
  return `Bearer ${given(await connect().POST("/api/v1/sessions", { body })).access_token}`;
}

await main();
