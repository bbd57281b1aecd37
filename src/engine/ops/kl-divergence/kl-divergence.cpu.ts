/** KL(teacher || student) of each row of logits [rows, vocab] at this temperature, and the gradient of their sum. */
export function klCpu(
  student: ArrayLike<number>,
  teacher: ArrayLike<number>,
  vocab: number,
  temperature: number,
): { losses: Float64Array; dstudent: Float64Array } {
  const [losses, dstudent] = [new Float64Array(student.length / vocab), new Float64Array(student.length)]
  const softmax = (logits: ArrayLike<number>, base: number) => {
    const values = Array.from({ length: vocab }, (_, i) => logits[base + i]! / temperature)
    const top = Math.max(...values)
    const total = values.reduce((sum, value) => sum + Math.exp(value - top), 0)
    return values.map((value) => value - top - Math.log(total))
  }
  for (let row = 0; row < losses.length; row += 1) {
    const [logP, logQ] = [softmax(student, row * vocab), softmax(teacher, row * vocab)]
    logQ.forEach((log, i) => {
      losses[row]! += Math.exp(log) * (log - logP[i]!)
      dstudent[row * vocab + i] = (Math.exp(logP[i]!) - Math.exp(log)) / temperature
    })
  }
  return { losses, dstudent }
}
