import { sig } from "dspex";

export const Triage = sig.Triage`
  """
  Sort a support message.

    Be brief -> be right.
  """
  message: str "what the customer wrote",
  history: list[str](max_length=20) "newest " "first" = [],
  locale: str = "en",
  limits: dict[str, int] = {"a": 1}
  -> label: Literal["bug", "billing", "other"],
     confidence: float(ge=0, le=1) "how sure"
`;
