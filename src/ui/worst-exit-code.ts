import { EXIT, type ExitCode } from '../core/errors/exit-codes.ts';

/** From what is well to what needs somebody now: the numbers themselves are in no order. */
const RANKING: readonly ExitCode[] = [
  EXIT.done,
  EXIT.paused,
  EXIT.locked,
  EXIT.planOutOfDate,
  EXIT.refused,
  EXIT.rolledBack,
  EXIT.usage,
  EXIT.unexpected,
  EXIT.needsPerson,
  EXIT.interrupted,
];

/** What a command that drove several rotations ends with; 0 for none. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce<ExitCode>(
    (worst, code) => (RANKING.indexOf(code) > RANKING.indexOf(worst) ? code : worst),
    EXIT.done,
  );
}
