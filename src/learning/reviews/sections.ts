/** The sections of a review with the questions that open them: how and what, never why and who. Pure data. */
export type SectionName =
  'summary' | 'impact' | 'understanding' | 'containment' | 'recovery' | 'communication' | 'earlier' | 'publicSummary';
export type FindingKind = 'worked' | 'did_not' | 'lucky' | 'surprise';

export const sections: Record<SectionName, { title: string; prompt: string }> = {
  summary: { title: 'Summary', prompt: 'In plain words, the effect first: what did people notice?' },
  impact: { title: 'Impact', prompt: 'How many, how long, how much? How was it measured?' },
  understanding: {
    title: 'How we found out and how our understanding grew',
    prompt: 'What did you see first, and what did you expect? How did it make sense at the time?',
  },
  containment: {
    title: 'Containment',
    prompt: 'How fast did harm stop growing? What side effects did the steps have?',
  },
  recovery: { title: 'Recovery', prompt: 'Which checks told you it was safe? What questions about data remained?' },
  communication: {
    title: 'Communication',
    prompt: 'What was due when, and when did it go out? What did readers still need to ask?',
  },
  earlier: { title: 'Earlier events like this one', prompt: 'What was alike, and what had changed since?' },
  publicSummary: {
    title: 'Summary for customers',
    prompt: 'What happened, what have you changed, how do you know it works?',
  },
};
export const sectionNames = Object.keys(sections) as SectionName[];

export const findingKinds: Record<FindingKind, { title: string; prompt: string }> = {
  worked: { title: 'What worked', prompt: 'What normally keeps this from happening, and held?' },
  did_not: { title: 'What was hard', prompt: 'What did you need and not have?' },
  lucky: { title: 'Where we were lucky', prompt: 'What nearly made it worse?' },
  surprise: { title: 'What surprised us', prompt: 'What turned out different from what you knew?' },
};
