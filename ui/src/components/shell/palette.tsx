'use client';
export function Palette(_: { onClose: () => void; onKeys: () => void }) { return null; }
