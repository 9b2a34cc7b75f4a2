// That bans and audit logs have changed; what they hold is asked for by whoever shows it.
export class ModerationNews {
  /** Counts audit log entries that were told of. */
  logged = $state(0);
  /** Counts bans that came and went. */
  banned = $state(0);
}
