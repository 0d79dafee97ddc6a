import '../noEval.ts'
