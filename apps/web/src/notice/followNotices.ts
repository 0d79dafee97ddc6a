import type { Pinia } from 'pinia'
export function followNotices(_pinia: Pinia, _sessionId: string): void {}
