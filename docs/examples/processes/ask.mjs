// Asks !where in every server and prints the answers.
const control = `${process.argv[2]}/_sim/v1`;

const post = async (path, body) => {
  const headers = { "content-type": "application/json" };
  const response = await fetch(control + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
};

const { guilds } = await (await fetch(`${control}/world`)).json();
for (const { name, owner_id: user, system_channel_id: channel } of guilds) {
  const said = await post("/actor/send_message", { user, channel, text: "!where" });
  const reply = { event: "MESSAGE_CREATE", data: { message_reference: { message_id: said.id } } };
  const { entry } = await post("/wait", { match: reply });
  console.log(`${name}: ${entry.data.content}`);
}
