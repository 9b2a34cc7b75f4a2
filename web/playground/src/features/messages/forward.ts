// Forwards: what may be sent on, and how its components are shown.
import { ComponentType as T, type Component, type Message } from "../../api/discord";
import { isEphemeral, isLoading } from "./actions";

/** Message types that can be forwarded. See Discord docs: Message / Message Reference Types. */
const CAN_FORWARD = new Set([0, 19, 20, 23]);
const LINK = 5;
const PRESSED = new Set<number>([T.Button, T.StringSelect, T.UserSelect, T.RoleSelect, T.MentionableSelect, T.ChannelSelect]);

export const canForward = (message: Message): boolean =>
  CAN_FORWARD.has(message.type) && !message.poll && !isEphemeral(message) && !isLoading(message);

/** The components with everything off that would speak to the bot: in a forward they are a picture of themselves. */
export function still(components: Component[]): Component[] {
  return components.map((component) => ({
    ...component,
    ...(PRESSED.has(component.type) && component.style !== LINK ? { disabled: true } : {}),
    ...(component.components ? { components: still(component.components) } : {}),
    ...(component.accessory ? { accessory: still([component.accessory])[0]! } : {}),
  }));
}
