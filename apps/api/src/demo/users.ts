import type { Role } from '@roster/domain'
import type { WorkspaceKey } from './workspaces.ts'

/** A user of the demo. */
export interface DemoUser {
  username: string
  displayName: string
  role: Role
  about: string | null
  workspaces: readonly WorkspaceKey[]
  joinedDaysAgo: number
  /** Null if the user never signed in. */
  seenHoursAgo: number | null
  suspended: boolean
  dailyLimit: number | null
}

type Optional = Partial<Pick<DemoUser, 'role' | 'suspended' | 'dailyLimit'>>

function user(
  displayName: string,
  username: string,
  about: string | null,
  workspaces: readonly WorkspaceKey[],
  joinedDaysAgo: number,
  seenHoursAgo: number | null,
  optional: Optional = {},
): DemoUser {
  return {
    username,
    displayName,
    role: 'default',
    about,
    workspaces,
    joinedDaysAgo,
    seenHoursAgo,
    suspended: false,
    dailyLimit: null,
    ...optional,
  }
}

export const ORGANIZATION = 'Northwind Instruments'

/** The accounts that the demo prints with their passwords, one for each role. */
export const KNOWN = {
  administrator: 'alex.morgan',
  manager: 'amara.okafor',
  default: 'john.doe',
} as const satisfies Record<Role, string>

const ADMINISTRATOR = { role: 'administrator' } as const
const MANAGER = { role: 'manager' } as const
const SUSPENDED = { suspended: true } as const

export const USERS: readonly DemoUser[] = [
  user('Alex Morgan', 'alex.morgan', 'IT operations.', ['company', 'engineering'], 545, 2, ADMINISTRATOR),
  user(
    'Ingrid Sørensen',
    'ingrid.sorensen',
    'IT and security.',
    ['company', 'engineering', 'legal'],
    520,
    20,
    ADMINISTRATOR,
  ),
  user(
    'Amara Okafor',
    'amara.okafor',
    'Head of customer support.',
    ['company', 'support', 'field', 'product'],
    512,
    1,
    MANAGER,
  ),
  user(
    'Mateo Fernández',
    'mateo.fernandez',
    'Engineering lead.',
    ['company', 'engineering', 'product', 'research'],
    498,
    3,
    MANAGER,
  ),
  user(
    'Priya Raghunathan',
    'priya.raghunathan',
    'Head of product.',
    ['company', 'product', 'research', 'marketing', 'relaunch'],
    470,
    5,
    MANAGER,
  ),
  user('Hannah Lindqvist', 'hannah.lindqvist', 'Head of HR.', ['company', 'hr', 'legal'], 402, 27, MANAGER),
  user('Kwame Mensah', 'kwame.mensah', 'Head of finance.', ['company', 'finance', 'legal'], 365, 49, MANAGER),
  user('John Doe', 'john.doe', 'Support, first line.', ['company', 'support', 'field'], 210, 1, { dailyLimit: 25 }),
  user('Yuki Tanaka', 'yuki.tanaka', 'Support, Asia and Pacific.', ['company', 'support'], 433, 4, { dailyLimit: 40 }),
  user(
    'Fatima Zahra El Amrani',
    'fatima.elamrani',
    'Support, French and Arabic.',
    ['company', 'support', 'field'],
    388,
    6,
    { dailyLimit: 40 },
  ),
  user('Lukas Weber', 'lukas.weber', 'Support, second line.', ['company', 'support', 'engineering'], 342, 8),
  user('Siobhán Ní Bhriain', 'siobhan.nibhriain', null, ['company', 'support'], 290, 30, { dailyLimit: 25 }),
  user('Tomasz Kowalczyk', 'tomasz.kowalczyk', 'Support, weekends.', ['company', 'support'], 260, 75, {
    dailyLimit: 25,
  }),
  user('Aroha Ngata', 'aroha.ngata', 'Support, Pacific.', ['company', 'support', 'field'], 198, 12, { dailyLimit: 25 }),
  user('Bongani Dlamini', 'bongani.dlamini', null, ['company', 'support'], 120, 340, { dailyLimit: 10 }),
  user('Elif Yılmaz', 'elif.yilmaz', 'Support, Turkish.', ['company', 'support'], 41, 22, { dailyLimit: 10 }),
  user('Chen Wei', 'chen.wei', 'Firmware.', ['company', 'engineering'], 486, 2),
  user('Olena Kovalenko', 'olena.kovalenko', 'Back end.', ['company', 'engineering'], 455, 3),
  user('Rajesh Iyer', 'rajesh.iyer', 'Platform.', ['company', 'engineering', 'field'], 440, 7),
  user('Noor van den Berg', 'noor.vandenberg', 'Front end.', ['company', 'engineering', 'relaunch'], 420, 26),
  user('Diego Ramírez', 'diego.ramirez', 'QA and release.', ['company', 'engineering', 'support'], 377, 9),
  user('Zanele Khumalo', 'zanele.khumalo', 'Data engineering.', ['company', 'engineering', 'research'], 311, 52),
  user('Mikkel Østergaard', 'mikkel.ostergaard', 'Mechanical design.', ['company', 'engineering', 'field'], 300, 98),
  user('Sofía Castillo', 'sofia.castillo', null, ['company', 'engineering'], 244, 5),
  user('Haruto Nakamura', 'haruto.nakamura', 'Calibration.', ['company', 'engineering', 'field'], 230, 171),
  user('Anneliese Brandt', 'anneliese.brandt', 'Electronics.', ['company', 'engineering'], 190, 28),
  user('Tunde Adebayo', 'tunde.adebayo', null, ['company', 'engineering'], 95, 11),
  user('Minh Anh Nguyễn', 'minhanh.nguyen', 'Working student.', ['company', 'engineering'], 33, 50, { dailyLimit: 10 }),
  user(
    'Charlotte Dubois',
    'charlotte.dubois',
    'Product design.',
    ['company', 'product', 'research', 'relaunch'],
    405,
    10,
  ),
  user('Samuel Goldberg', 'samuel.goldberg', 'Roadmap.', ['company', 'product'], 350, 31),
  user(
    'Leilani Kealoha',
    'leilani.kealoha',
    'User interviews and surveys.',
    ['company', 'research', 'product'],
    215,
    54,
  ),
  user('Viktor Petrov', 'viktor.petrov', null, ['company', 'product', 'engineering'], 180, 410),
  user('Grace Mutua', 'grace.mutua', 'Accessibility.', ['company', 'research', 'product'], 88, 29),
  user('Emre Demir', 'emre.demir', 'Sales, Türkiye.', ['company', 'sales'], 415, 6, { dailyLimit: 50 }),
  user('Isabella Rossi', 'isabella.rossi', 'Sales, Italy.', ['company', 'sales', 'marketing'], 398, 24, {
    dailyLimit: 50,
  }),
  user('Omar Haddad', 'omar.haddad', 'Key accounts.', ['company', 'sales', 'legal'], 360, 13),
  user('Katarzyna Nowak', 'katarzyna.nowak', 'Sales, Poland.', ['company', 'sales'], 310, 77, { dailyLimit: 50 }),
  user('William Thompson', 'william.thompson', 'Sales, United Kingdom.', ['company', 'sales'], 275, 145, {
    dailyLimit: 50,
  }),
  user('Nia Williams', 'nia.williams', 'Partners.', ['company', 'sales', 'field'], 160, 33),
  user('Arjun Mehta', 'arjun.mehta', 'Sales, India.', ['company', 'sales'], 70, 8, { dailyLimit: 50 }),
  user('Beatriz Almeida', 'beatriz.almeida', 'Campaigns.', ['company', 'marketing', 'relaunch'], 390, 25),
  user('Jonas Bergström', 'jonas.bergstrom', 'Trade fairs.', ['company', 'marketing'], 320, 216),
  user('Mei-Ling Chang', 'meiling.chang', 'Copywriting.', ['company', 'marketing', 'product', 'relaunch'], 285, 7),
  user('Adaeze Nwosu', 'adaeze.nwosu', 'Social media.', ['company', 'marketing'], 102, 51),
  user('Pierre Lefèvre', 'pierre.lefevre', null, ['company', 'marketing'], 60, null),
  user('Ruth Abrahams', 'ruth.abrahams', 'Recruiting.', ['company', 'hr'], 330, 32),
  user('Kofi Asante', 'kofi.asante', 'Payroll.', ['company', 'hr', 'finance'], 305, 99),
  user('Signe Jørgensen', 'signe.jorgensen', 'Learning and development.', ['company', 'hr'], 140, 240),
  user('Dmitri Volkov', 'dmitri.volkov', 'Accounting.', ['company', 'finance'], 345, 56),
  user('Aisha Siddiqui', 'aisha.siddiqui', 'Controlling.', ['company', 'finance'], 255, 35),
  user('Hugo Martins', 'hugo.martins', 'Purchasing.', ['company', 'finance', 'legal'], 170, 120),
  user('Catherine O’Neill', 'catherine.oneill', 'Legal counsel.', ['company', 'legal'], 280, 58),
  user('Farid Rahimi', 'farid.rahimi', 'Field engineer.', ['company', 'field'], 145, 168),
  user('Malia Tupou', 'malia.tupou', 'Field engineer.', ['company', 'field', 'support'], 118, 80),
  user('Ewa Zielińska', 'ewa.zielinska', 'Left in spring.', ['company', 'sales'], 370, 2_900, SUSPENDED),
  user('Greg Sanders', 'greg.sanders', 'Contractor, until June.', ['engineering', 'relaunch'], 250, 1_700, SUSPENDED),
  user('Nadia Benali', 'nadia.benali', 'On leave.', ['company', 'marketing'], 295, 1_150, SUSPENDED),
  user('Tariq Hassan', 'tariq.hassan', 'Starts next month.', ['company'], 4, null),
  user('Lucía Herrera', 'lucia.herrera', null, ['company', 'support'], 2, null, { dailyLimit: 10 }),
  user('Sam Taylor', 'sam.taylor', 'Starts on Monday.', [], 1, null),
]
