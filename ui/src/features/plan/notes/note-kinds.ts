import { Ban, CircleHelp, Info, MessageCircleQuestion, TriangleAlert, Wrench, type LucideIcon } from 'lucide-react';
import type { Lang } from '@/lib/i18n';
import type { Tone } from '@/lib/run-states';
import type { Note, NoteKind } from '../queries';

/** How a kind of note is shown: apart from the others, and never as colour alone. */
type Look = { icon: LucideIcon; tone: Tone; isDoubt: boolean; label: Record<Lang, string> };

/** One row a kind: a kind that is missing here is a type error. */
export const NOTE_KINDS: Record<NoteKind, Look> = {
  question: { icon: MessageCircleQuestion, tone: 'retry', isDoubt: true, label: { en: 'Question', id: 'Pertanyaan' } },
  refusal: { icon: Ban, tone: 'fail', isDoubt: true, label: { en: 'Not planned', id: 'Tidak direncanakan' } },
  conflict: { icon: TriangleAlert, tone: 'retry', isDoubt: true, label: { en: 'Contradiction', id: 'Bertentangan' } },
  unread: { icon: CircleHelp, tone: 'retry', isDoubt: true, label: { en: 'Not understood', id: 'Tidak dipahami' } },
  assumption: { icon: Info, tone: 'neutral', isDoubt: false, label: { en: 'Assumed', id: 'Dianggap' } },
  environment: { icon: Wrench, tone: 'neutral', isDoubt: false, label: { en: 'To set up', id: 'Perlu disiapkan' } },
};

/** The sections of notes, in the order in which they are shown: doubt first. */
export const SECTIONS: readonly { id: 'doubt' | 'assumption' | 'environment'; kinds: readonly NoteKind[] }[] = [
  { id: 'doubt', kinds: ['question', 'refusal', 'conflict', 'unread'] },
  { id: 'assumption', kinds: ['assumption'] },
  { id: 'environment', kinds: ['environment'] },
];

export function isDoubt(note: Note): boolean {
  return NOTE_KINDS[note.kind].isDoubt;
}

/** The questions of a plan; while there is one, the plan cannot be applied. */
export function questionsOf(notes: readonly Note[]): Note[] {
  return notes.filter((note) => note.kind === 'question');
}
