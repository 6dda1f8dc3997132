// What a frontend writes against the generated types. It is compiled, never run: it fails when a change
// to the document would break code like this, which a comparison of documents may call harmless.
import createClient from "openapi-fetch";
import type { paths } from "./api";

export async function signIn(baseUrl: string, email: string, password: string) {
  const client = createClient<paths>({ baseUrl });
  const { data, error } = await client.POST("/api/v1/sessions", { body: { email, password } });
  if (!data) {
    throw new Error(JSON.stringify(error));
  }
  client.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${data.access_token}`);
      return request;
    },
  });
  return client;
}
