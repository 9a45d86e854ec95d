import { sig } from "dspex";

export const Fine = sig(`
  age: int(ge=0, lt=150),
  share: float(ge=0.0, le=1, multiple_of=0.5, allow_inf_nan=False),
  name: str(min_length=1, max_length=20, pattern="^[A-Z][a-z]+$"),
  tags: list[str](max_length=5),
  maybe: (int | None)(gt=-1)
  -> price: decimal.Decimal(gt=0), both: Optional[str](max_length=3)
`);
