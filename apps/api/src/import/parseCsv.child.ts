// A program of its own: it reads a file that may be made to do harm, and knows neither database nor settings.
import { serveParent } from '../childPool/serveParent.ts'
import { parseCsv } from './parseCsv.ts'

serveParent(parseCsv)
