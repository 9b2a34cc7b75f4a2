// A small everyday set of emoji with names to search by. Bots may use any; people pick from these
// and from the guild's own.
const LINES = `
👍 thumbs up yes|👎 thumbs down no|❤️ heart love|😂 joy laugh|😀 grin happy|😉 wink|😍 heart eyes|🤔 thinking|😮 surprised wow|😢 sad cry|😡 angry|😅 sweat smile|🙃 upside down|😎 cool sunglasses|🥳 party face|😴 sleep|🤯 mind blown|😇 angel|🤝 handshake deal|🙏 thanks please|👏 clap|💪 strong muscle|👀 eyes look|👋 wave hello|🤖 robot bot|🎉 party tada|✨ sparkles|🔥 fire|⭐ star|💯 hundred|✅ check done|❌ cross no|❓ question|❗ exclamation|⚠️ warning|➕ plus|➖ minus|⏰ alarm clock|⏳ hourglass wait|🚀 rocket launch|⚙️ gear cog|🔧 wrench tool|🔨 hammer|🧪 test tube|🐛 bug|💡 idea bulb|📌 pin|📎 paperclip|📝 memo note|📦 package|🔒 lock|🔑 key|💬 speech|🎵 music note|🎲 dice game|🏆 trophy|☕ coffee|🍕 pizza|🍎 apple|🌱 seedling|🌍 earth|☀️ sun|🌙 moon|🌧️ rain|❄️ snow|🐱 cat|🐶 dog|🦀 crab rust|🐍 snake python|🐧 penguin|🦊 fox|1️⃣ one|2️⃣ two|3️⃣ three|🇦 letter a|🇧 letter b|🔴 red|🟢 green|🔵 blue|🟡 yellow`;

export type NamedEmoji = { emoji: string; name: string };

export const emojis: NamedEmoji[] = LINES.trim()
  .split("|")
  .map((entry) => {
    const [emoji = "", ...words] = entry.split(" ");
    return { emoji, name: words.join(" ") };
  });

/** One emoji as Unicode recommends them. Made at run time: not every tool that reads this file knows the flag. */
const ONE = new RegExp("^\\p{RGI_Emoji}$", "v");

/** Those with the text in their name; of an emoji itself just that, also one that is not in the set. */
export function findEmoji(text: string): NamedEmoji[] {
  const query = text.trim().toLowerCase();
  if (!query) return emojis;
  if (ONE.test(query)) return [emojis.find((entry) => entry.emoji === query) ?? { emoji: query, name: query }];
  return emojis.filter((entry) => entry.name.includes(query));
}
