// Server-sent events out of the body of a response: a POST has no EventSource.
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (waiting + value).split(/\r\n\r\n|\n\n/);
    waiting = blocks.pop();
    for (const block of blocks) {
      const event = parsed(block);
      if (event.data) yield event;
    }
  }
}

function parsed(block) {
  const lines = block.split(/\r?\n/);
  const values = (field) =>
    lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).trim());
  const data = values("data").join("\n");
  return { name: values("event")[0], data: data && JSON.parse(data) };
}
