'use client';
export function KeySheet(_: { onClose: () => void }) { return null; }
