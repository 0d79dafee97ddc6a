/** Raised when a backup can't be restored. The message says why, and nothing was changed. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
}
