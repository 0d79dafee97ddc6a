/** Something that stops the server or a command and that whoever runs it can put right: shown as its one sentence, without a stack. */
export class OperatorError extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'OperatorError'
  }
}
