import { randomBytes } from 'node:crypto'
import type { PrismaClient } from './generated/client.ts'

/** The instance's keys. */
export interface InstanceKeys {
  /** 32 bytes: keys the HMACs under which tries are counted and previews are bound. */
  hmacKey: Buffer
}

/** The instance's row, made by whichever node starts first. */
export async function ensureInstance(prisma: PrismaClient): Promise<InstanceKeys> {
  await prisma.$executeRaw`INSERT INTO "instance" ("id", "hmacKey") VALUES (1, ${randomBytes(32)}) ON CONFLICT ("id") DO NOTHING`
  const { hmacKey } = await prisma.instance.findUniqueOrThrow({ where: { id: 1 }, select: { hmacKey: true } })
  return { hmacKey: Buffer.from(hmacKey) }
}

/** Whether the instance has any user at all: setup is open while it has none, and never again. */
export async function hasUsers(prisma: Pick<PrismaClient, '$queryRaw'>): Promise<boolean> {
  const [row] = await prisma.$queryRaw<{ any: boolean }[]>`SELECT EXISTS (SELECT 1 FROM "user") AS "any"`
  return row?.any ?? false
}

/** The known text under the key that secrets are sealed with; null while none was ever sealed. */
export async function readSecretCheck(prisma: Pick<PrismaClient, 'instance'>): Promise<Buffer | null> {
  const { secretCheck } = await prisma.instance.findUniqueOrThrow({ where: { id: 1 }, select: { secretCheck: true } })
  return secretCheck && Buffer.from(secretCheck)
}

/** Keep the known text under the key that is used from now on, unless one was used before; gives the one that stands. */
export async function keepSecretCheck(prisma: Pick<PrismaClient, 'instance'>, secretCheck: Buffer<ArrayBuffer>): Promise<Buffer> {
  await prisma.instance.updateMany({ where: { id: 1, secretCheck: null }, data: { secretCheck } })
  return (await readSecretCheck(prisma)) ?? secretCheck
}
