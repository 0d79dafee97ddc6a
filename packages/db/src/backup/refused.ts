/** Raised when a backup can't be restored; the message says why. Nothing was changed. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
}
