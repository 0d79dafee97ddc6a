import type { SetupChecklist } from '@roster/domain'
import { formatList } from '../i18n/format.ts'
import { t } from '../i18n/text.ts'
import type { Step } from './setup.queries.ts'

/** A step's sentence, with the current numbers and names. */
export function stepSentence(step: Step, state: SetupChecklist): string {
  switch (step) {
    case 'instance':
      return t('setup.steps.instance.sentence')
    case 'users':
      return `${t('setup.steps.users.sentence')} ${t('setup.steps.users.state', { n: state.users })}`
    case 'workspace':
      return `${t('setup.steps.workspace.sentence')} ${t('setup.steps.workspace.state', { n: state.workspaces })}`
    case 'members':
      return `${t('setup.steps.members.sentence')} ${t('setup.steps.members.state', { n: state.members })}`
    case 'address':
      return addressSentence(state)
    case 'preview': {
      const sees = state.defaultUserSees
      return sees === null
        ? t('setup.steps.preview.sentence')
        : t('setup.steps.preview.sees', { name: sees.username, workspaces: formatList(sees.workspaces) })
    }
  }
}

function addressSentence({ address, addressSet, tls }: SetupChecklist): string {
  if (!addressSet)
    return address === '' ? t('setup.steps.address.noAddress') : t('setup.steps.address.sentence', { address })
  return tls ? t('setup.steps.address.done', { address }) : t('setup.steps.address.noTls', { address })
}
